using Headgate.Core.Snapshot;

namespace Headgate.Control;

/// <summary>Waits for what was written to be served by this process, a bounded time.</summary>
internal sealed class ServedRevision(SnapshotHolder snapshots, TimeProvider time)
{
    /// <summary>A revision is served within milliseconds; a gateway that is busy or cannot follow its store keeps no operator waiting for longer.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(3);

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
