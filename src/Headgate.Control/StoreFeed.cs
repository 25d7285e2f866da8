using Headgate.Control.AdminApi;
using Headgate.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headgate.Control;

/// <summary>Follows a prefix of a store: one full read, then every revision; after a gap or a failure a full read again. Never ends by itself.</summary>
/// <param name="source">What is followed.</param>
/// <param name="prefix">With what the keys begin.</param>
/// <param name="load">Takes in a full read.</param>
/// <param name="apply">Takes in one revision, in order.</param>
/// <param name="time">Clock of the waits after failures.</param>
/// <param name="log">Where failures are written.</param>
internal sealed class StoreFeed(IConfigSource source, string prefix, Action<StoreView> load, Action<StoreRevision> apply, TimeProvider time, ILogger log) : BackgroundService
{
    private static readonly TimeSpan DelayMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await LeaveIoThread.Now;
        TimeSpan delay = DelayMin;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                StoreView view = await source.GetAsync(prefix, stoppingToken);
                load(view);
                delay = DelayMin;
                await FollowAsync(view.Revision, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                AdminApiLog.StoreNotFollowed(log, exception.Message, delay);
                await Task.Delay(delay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                delay = delay * 2 < DelayMax ? delay * 2 : DelayMax;
            }
        }
    }

    /// <summary>Returns when revisions were missed.</summary>
    private async Task FollowAsync(long revision, CancellationToken stoppingToken)
    {
        await foreach (StoreRevision next in source.WatchAsync(prefix, revision, stoppingToken))
        {
            if (ReferenceEquals(next, StoreRevision.Gap))
            {
                AdminApiLog.RevisionsMissed(log, revision);
                return;
            }

            apply(next);
            revision = next.Revision;
        }
    }
}
