using Headgate.Core.Config;
using Headgate.Core.Snapshot;

namespace Headgate.Control.Overrides;

/// <summary>What this process serves, as the API for overrides needs it.</summary>
internal sealed class ServedState(SnapshotHolder snapshots, ServedUpstreams upstreams, NodeOverrides overrides, TimeProvider time)
{
    /// <summary>A revision is served within milliseconds; a gateway that is busy or cannot follow its store keeps no operator waiting for longer.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(3);

    /// <summary>The upstream of an owner; null when it is not served.</summary>
    public UpstreamSnapshot? Upstream(string owner) => upstreams.Find(owner);

    /// <summary>The override as it acts; null when it does not (yet).</summary>
    public NodeOverride? Override(OverrideTarget target) => overrides.Find(target);

    /// <summary>Waits until <paramref name="revision"/> is served, a bounded time.</summary>
    public async ValueTask WaitAsync(long revision, CancellationToken cancellationToken)
    {
        using var bound = new CancellationTokenSource(WaitMax, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        try
        {
            await snapshots.WaitForRevisionAsync(revision, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What is known then is good enough to look at, and the write is stored.
        }
    }
}
