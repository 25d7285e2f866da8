using Headgate.Core.Config;
using Headgate.Core.Snapshot;

namespace Headgate.Control.Overrides;

/// <summary>What this process serves, as the API for overrides needs it.</summary>
internal sealed class ServedState(SnapshotHolder snapshots, ServedUpstreams upstreams, NodeOverrides overrides, TimeProvider time)
{
    private readonly ServedRevision _revision = new(snapshots, time);

    /// <summary>The upstream of an owner; null when it is not served.</summary>
    public UpstreamSnapshot? Upstream(string owner) => upstreams.Find(owner);

    /// <summary>The override as it acts; null when it does not (yet).</summary>
    public NodeOverride? Override(OverrideTarget target) => overrides.Find(target);

    /// <summary>Waits until <paramref name="revision"/> is served, a bounded time.</summary>
    public ValueTask WaitAsync(long revision, CancellationToken cancellationToken) => _revision.WaitAsync(revision, cancellationToken);
}
