namespace Headgate.Proxy.Restart;

/// <summary>All that is kept over a restart.</summary>
/// <param name="Written">When it was written, by the wall clock.</param>
/// <param name="Nodes">One record a node, in no particular order.</param>
internal sealed record NodeRecords(DateTimeOffset Written, IReadOnlyList<NodeRecord> Nodes);
