using System.Diagnostics;
using Headgate.Core.Config;
using Headgate.Core.Primitives;
using Headgate.Core.Snapshot;
using Headgate.Proxy.Discovery;
using Headgate.Proxy.Secrets;
using Headgate.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Configuration;

/// <summary>
/// Keeps what is served equal to what is stored: reads everything once, then follows the watch; each revision is compiled and swapped in. A gap in the watch
/// ends in a full re-read in which unchanged objects keep their instances; a store that cannot be read is tried again and again while the last snapshot serves.
/// All of it happens on one thread of its own (<see cref="LoopThread"/>), so that no compilation ever runs on a thread that serves traffic.
/// </summary>
public sealed class SnapshotSource : IHostedService, IDisposable
{
    /// <summary>Everything the gateway reads lies below this.</summary>
    private const string Prefix = ResourceKinds.DefaultPrefix + "/";

    private static readonly TimeSpan RetryFirst = TimeSpan.FromMilliseconds(100);

    /// <summary>Losing a store is noticed at once, so this is all that its return costs.</summary>
    private static readonly TimeSpan RetryLongest = TimeSpan.FromSeconds(5);

    /// <summary>How long the first snapshot waits for what registries say of the services in it, so that a gateway that starts has nodes.</summary>
    private static readonly TimeSpan FirstServicesWait = TimeSpan.FromSeconds(5);

    /// <summary>The same for later ones: an edit that names a service is served with its nodes, unless the registry is slow.</summary>
    private static readonly TimeSpan ServicesWait = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly HeldKeys _held = new();
    private readonly IConfigSource _store;
    private readonly SnapshotCompiler _compiler;
    private readonly SnapshotHolder _holder;
    private readonly SecretKeeper _secrets;
    private readonly DiscoveryLoop? _discovery;
    private readonly TimeProvider _time;
    private readonly RetryDelay _delay;
    private readonly ILogger<SnapshotSource> _logger;
    private IReadOnlyList<RejectedObject> _loggedRejected = [];
    private bool _storeIsDown;
    private Task _loop = Task.CompletedTask;

    /// <summary>Makes a source that has not started.</summary>
    /// <param name="store">Where the configuration is.</param>
    /// <param name="compiler">Used by this source only.</param>
    /// <param name="holder">Where the snapshots go.</param>
    /// <param name="secrets">Has the secrets that objects name; used by this source and its compiler only.</param>
    /// <param name="time">Clock of the back-off.</param>
    /// <param name="jitter">Spreads the retries of many gateways of one store.</param>
    /// <param name="logger">Where changes of state are written.</param>
    /// <param name="discovery">Follows the services that upstreams name, for the compiler; stopped by whoever made it. Null = nobody does.</param>
    public SnapshotSource(
        IConfigSource store, SnapshotCompiler compiler, SnapshotHolder holder, SecretKeeper secrets, TimeProvider time, Random jitter, ILogger<SnapshotSource> logger,
        DiscoveryLoop? discovery = null)
    {
        (_store, _compiler, _holder, _secrets, _time, _logger, _discovery) = (store, compiler, holder, secrets, time, logger, discovery);
        _delay = new RetryDelay(jitter, RetryFirst, RetryLongest);
    }

    /// <summary>Starts following the store and returns at once. <see cref="SnapshotHolder.WaitForRevisionAsync"/> with 0 waits for the first snapshot.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _loop = LoopThread.RunAsync("headgate-configuration", () => Task.WhenAll(RunAsync(_stopping.Token), RefreshSecretsAsync(_stopping.Token), FollowServicesAsync(_stopping.Token)));
        return Task.CompletedTask;
    }

    /// <summary>Stops following; what is served stays.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _loop.WaitAsync(cancellationToken);
    }

    /// <summary>Frees what a stopped source holds.</summary>
    public void Dispose()
    {
        _stopping.Dispose();
        _secrets.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) // whatever it is, serving goes on and the store is tried again
            {
                await WaitAfterAsync(e, cancellationToken);
            }
        }
    }

    /// <summary>One full read and the watch after it, until the watch has a gap.</summary>
    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        StoreView view = await _store.GetAsync(Prefix, cancellationToken);
        long started = _time.GetTimestamp();
        await PublishAsync(view.Revision, _held.Replace(view.Entries), cancellationToken);
        _delay.Reset();
        SnapshotLog.Loaded(_logger, view.Revision, view.Entries.Count, _time.GetElapsedTime(started).TotalMilliseconds);
        if (_storeIsDown)
            SnapshotLog.StoreIsBack(_logger, view.Revision);
        _storeIsDown = false;
        _holder.SetFailing(null, null);

        await foreach (StoreRevision revision in _store.WatchAsync(Prefix, view.Revision, cancellationToken))
        {
            if (ReferenceEquals(revision, StoreRevision.Gap))
            {
                SnapshotLog.RevisionsMissed(_logger, _holder.AppliedRevision);
                return;
            }

            await PublishAsync(revision.Revision, _held.Update(revision), cancellationToken);
        }

        // A watch ends by a gap or by an exception; one that just ends would otherwise spin this loop.
        cancellationToken.ThrowIfCancellationRequested();
        throw new StoreUnavailableException("the store ended its watch");
    }

    /// <summary>Compiles and serves changes: with the secrets that they name, with the objects whose secrets are others now, and with what registries say of the services in them.</summary>
    private async Task PublishAsync(long revision, List<ConfigChange> changes, CancellationToken cancellationToken)
    {
        IReadOnlySet<string> others = await _secrets.PrepareAsync(changes, cancellationToken);
        GatewaySnapshot compiled = _compiler.Apply(revision, others.Count == 0 ? changes : [.. _compiler.NamingSecrets(others), .. changes]);
        if (_discovery is not null)
        {
            await _discovery.FirstAnswersAsync(_holder.AppliedRevision < 0 ? FirstServicesWait : ServicesWait, cancellationToken);
            compiled = _compiler.ApplyServices(revision, _discovery.Changes.Take());
        }

        Publish(compiled, (_held.Digest, _time.GetUtcNow()));
    }

    /// <summary>The instances of services change without the store's knowing.</summary>
    private async Task FollowServicesAsync(CancellationToken cancellationToken)
    {
        if (_discovery is null)
            return;
        try
        {
            while (true)
            {
                await _discovery.Changes.WaitAsync(cancellationToken);
                if (_holder.AppliedRevision >= 0) // before, whoever reads the configuration takes them
                    _holder.Publish(_compiler.ApplyServices(_holder.AppliedRevision, _discovery.Changes.Take()));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // stopped
        }
    }

    /// <summary>Secrets change without the store's knowing.</summary>
    private async Task RefreshSecretsAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_secrets.RefreshInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                IReadOnlySet<string> others = await _secrets.RefreshAsync(_compiler.SecretReferences, cancellationToken);
                if (others.Count > 0)
                    Publish(_compiler.Apply(_holder.AppliedRevision, _compiler.NamingSecrets(others)));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // stopped
        }
    }

    private void Publish(GatewaySnapshot compiled, (string Digest, DateTimeOffset At)? read = null)
    {
        _holder.Publish(compiled, read);
        LogRejected();
        foreach (UnsupportedVariables route in _compiler.UnsupportedVariables)
        {
            string names = string.Join(", ", route.Names);
            SnapshotLog.UnsupportedVariables(_logger, route.Key, compiled.Revision, names);
        }

        foreach (string owner in _compiler.ZonelessUpstreams)
            SnapshotLog.GatewayHasNoZone(_logger, owner, compiled.Revision);
    }

    /// <summary>Once on the change: the list stays the same instance until something is refused or is no longer.</summary>
    private void LogRejected()
    {
        IReadOnlyList<RejectedObject> rejected = _compiler.Rejected;
        if (ReferenceEquals(rejected, _loggedRejected))
            return;

        var before = _loggedRejected.ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (RejectedObject item in rejected.Where(item => !before.Contains(item)))
        {
            string errors = string.Join("; ", item.Errors.Select(error => error.Message));
            SnapshotLog.ObjectRejected(_logger, item.Key, item.SinceRevision, errors, item.ServesLastGood ? "its last good version is served" : "it is treated as absent");
        }

        var keys = rejected.Select(item => item.Key).ToHashSet(StringComparer.Ordinal);
        foreach (RejectedObject item in _loggedRejected.Where(item => !keys.Contains(item.Key)))
            SnapshotLog.ObjectNoLongerRejected(_logger, item.Key, _holder.AppliedRevision);
        _loggedRejected = rejected;
        _holder.SetRejected(rejected);
    }

    private async Task WaitAfterAsync(Exception reason, CancellationToken cancellationToken)
    {
        TimeSpan delay = _delay.Next();
        if (!_storeIsDown)
            SnapshotLog.StoreUnavailable(_logger, _holder.AppliedRevision, reason);
        _storeIsDown = true;
        _holder.SetFailing(_holder.Running.FailingSince ?? _time.GetUtcNow(), reason.Message);
        try
        {
            await Task.Delay(delay, _time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Debug.Assert(cancellationToken.IsCancellationRequested);
        }
    }
}
