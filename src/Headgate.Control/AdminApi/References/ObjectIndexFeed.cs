using Headgate.Core.Config;
using Headgate.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.AdminApi.References;

/// <summary>Keeps the index up to date: one full read, then every revision; after a gap or a failure a full read again. Never ends by itself.</summary>
internal sealed class ObjectIndexFeed(IConfigStore store, ObjectIndex index, TimeProvider time, ILogger<ObjectIndexFeed> log) : BackgroundService
{
    private const string Prefix = ResourceKinds.DefaultPrefix + "/";
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
                index.Load(await store.GetAsync(Prefix, stoppingToken));
                delay = DelayMin;
                await FollowAsync(stoppingToken);
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
    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        await foreach (StoreRevision revision in store.WatchAsync(Prefix, index.Revision, stoppingToken))
        {
            if (ReferenceEquals(revision, StoreRevision.Gap) || revision.Revision < 0)
            {
                AdminApiLog.RevisionsMissed(log, index.Revision);
                return;
            }

            index.ApplyWatched(revision);
        }
    }
}
