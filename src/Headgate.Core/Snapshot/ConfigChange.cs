using Headgate.Core.Config;

namespace Headgate.Core.Snapshot;

/// <summary>One object as the store has it now.</summary>
/// <param name="Kind">Kind of the object.</param>
/// <param name="Id">Its id, from the key.</param>
/// <param name="Json">UTF-8 JSON; null = deleted. Not kept after the call.</param>
public readonly record struct ConfigChange(ResourceKind Kind, string Id, ReadOnlyMemory<byte>? Json);
