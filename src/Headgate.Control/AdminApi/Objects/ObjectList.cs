using Headgate.Store;

namespace Headgate.Control.AdminApi.Objects;

/// <summary>What a list request asked for.</summary>
/// <param name="Entries">Those on the page.</param>
/// <param name="Total">How many pass the filters.</param>
/// <param name="Refusal">Why there is no list; null when there is.</param>
internal readonly record struct ObjectList(IReadOnlyList<StoreEntry> Entries, int Total, AdminResponse? Refusal);
