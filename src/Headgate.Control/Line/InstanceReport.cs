using Headgate.Core.Snapshot;

namespace Headgate.Control.Line;

/// <summary>What an instance tells of itself, about every second and whenever its configuration changes. One is a heartbeat, whatever is in it.</summary>
/// <param name="Running">What it runs with.</param>
public sealed record InstanceReport(RunningConfiguration Running)
{
    /// <summary>Whether <see cref="Nodes"/> are all there are; else only those that are seen otherwise than before.</summary>
    public bool IsFull { get; init; }

    /// <summary>Nodes that are not simply up; with a report that is not full also those that are again.</summary>
    public IReadOnlyList<NodeSighting> Nodes { get; init => field = value ?? []; } = []; // null: what the deserializer gives for a member that is not there

    /// <summary>Traffic; null = as before.</summary>
    public TrafficReport? Traffic { get; init; }

    /// <summary>Nodes that <see cref="TrafficReport.Nodes"/> of the report before had no place for.</summary>
    public IReadOnlyList<NodeTraffic> MoreTraffic { get; init => field = value ?? []; } = [];

    /// <summary>What <see cref="TrafficReport.Upstreams"/> of the report before had no place for.</summary>
    public IReadOnlyList<UpstreamTraffic> MoreUpstreams { get; init => field = value ?? []; } = [];
}
