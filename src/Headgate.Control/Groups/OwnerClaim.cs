using Headgate.Store;

namespace Headgate.Control.Groups;

/// <summary>What a transaction holds beside the object it writes, so that the object belongs to a workspace that is there, of a group that is there.</summary>
/// <param name="Compares">Conditions.</param>
/// <param name="Operations">Writes of the record of ownership; empty when it stays as it is.</param>
internal readonly record struct OwnerClaim(IReadOnlyList<Compare> Compares, IReadOnlyList<Operation> Operations);
