using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Core.Primitives;
using Headgate.Proxy.Registries;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Discovery;

/// <summary>
/// Follows the services that upstreams name: has their registries asked (<see cref="ServiceAsking"/>), keeps what they said over failures and restarts (<see cref="DiscoveryBook"/>,
/// <see cref="DiscoveryMemory"/>), and tells the compiler which services have changed. No request ever comes here. Thread-safe.
/// </summary>
public sealed class DiscoveryLoop : IServiceSource, IDiscoveryView, IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Dictionary<ServiceKey, FollowedService> _services = [];
    private readonly EndingTasks _ending = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly DiscoveryOptions _options;
    private readonly TimeProvider _time;
    private readonly DiscoveryBook _book;
    private readonly DiscoveryMemory _memory;
    private readonly FollowedRegistries _registries;
    private readonly ServiceAsking _asking;
    private readonly FirstAnswers _firstAnswers;
    private readonly Task _ticking;

    /// <summary>Makes it; it asks nothing while nothing is followed but whether the registries of <paramref name="options"/> are there.</summary>
    /// <param name="options">What is the gateway's own.</param>
    /// <param name="needs">What clients are made with.</param>
    /// <param name="make">Makes clients; null = those of <see cref="RegistryClients"/>.</param>
    public DiscoveryLoop(DiscoveryOptions options, RegistryServices needs, Func<RegistryConfig, RegistryServices, IRegistryClient>? make = null)
    {
        ILogger logger = needs.Loggers.CreateLogger<DiscoveryLoop>();
        var seeds = new DiscoverySeeds(needs.Seed);
        (_options, _time) = (options, needs.Time);
        _book = new DiscoveryBook(_time, logger);
        _memory = new DiscoveryMemory(new DiscoveryFile(options.File, logger), _book, _time);
        _registries = new FollowedRegistries(_book, needs, make ?? RegistryClients.Make, seeds, _ending);
        _asking = new ServiceAsking(_book, _registries, options, seeds, _time, logger);
        _firstAnswers = new FirstAnswers(_book, _time);
        foreach (RegistryConfig config in options.Registries)
            SetRegistry(config.Type, config, RegistryProbing.Default);
        _ticking = TickAsync();
    }

    /// <summary>Services whose instances have changed and that are to be compiled.</summary>
    internal ServiceChanges Changes => _book.Changes;

    /// <inheritdoc/>
    public void Follow(ServiceKey service)
    {
        lock (_book.Gate)
        {
            if (_services.TryGetValue(service, out FollowedService? followed))
            {
                followed.Followers++;
                return;
            }

            followed = new FollowedService(service, _options.Terms) { Followers = 1 };
            _memory.Recall_NeedsLock(followed.State);
            _services.Add(service, followed);
            _book.Await_NeedsLock(followed);
            _asking.Begin_NeedsLock(followed);
        }
    }

    /// <inheritdoc/>
    public void Leave(ServiceKey service)
    {
        lock (_book.Gate)
        {
            if (!_services.TryGetValue(service, out FollowedService? followed) || --followed.Followers > 0)
                return;
            _services.Remove(service);
            StopAsking_NeedsLock(followed);
            _book.Answered_NeedsLock(followed);
            _book.IsUnwritten = true;
        }
    }

    /// <inheritdoc/>
    public EquatableArray<ServiceInstance>? InstancesOf(ServiceKey service)
    {
        lock (_book.Gate)
            return _services.TryGetValue(service, out FollowedService? followed) && followed.State.IsKnown ? followed.State.Instances : null;
    }

    /// <inheritdoc/>
    public void SetRegistry(string id, ServiceRegistryConfig? config) =>
        SetRegistry($"{ResourceKind.ServiceRegistry.Plural()}/{id}", config?.Registry, config is null ? RegistryProbing.Default : new RegistryProbing(config.ProbeInterval, config.ProbeTimeout));

    /// <inheritdoc/>
    public IReadOnlyList<RegistryView> Registries()
    {
        lock (_book.Gate)
            return _registries.Views_NeedsLock();
    }

    /// <inheritdoc/>
    public IReadOnlyList<ServiceView> Services()
    {
        DateTimeOffset now = _time.GetUtcNow();
        lock (_book.Gate)
        {
            return
            [
                .. _services.Values.OrderBy(static service => service.State.Key.Registry, StringComparer.Ordinal)
                    .ThenBy(static service => service.State.Key.Name, StringComparer.Ordinal).Select(service => service.View(now)),
            ];
        }
    }

    /// <inheritdoc/>
    public bool Release(ServiceKey service)
    {
        lock (_book.Gate)
            return _services.TryGetValue(service, out FollowedService? followed) && _book.Release_NeedsLock(followed);
    }

    /// <summary>As <see cref="FirstAnswers.WaitAsync"/>.</summary>
    public Task FirstAnswersAsync(TimeSpan timeout, CancellationToken cancellationToken) => _firstAnswers.WaitAsync(timeout, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] ending;
        lock (_book.Gate)
        {
            foreach (FollowedService service in _services.Values)
                _ = service.Stop.CancelAsync();
            ending = [.. _ending.All_NeedsLock, _ticking, .. _registries.End_NeedsLock([.. _services.Values.Select(static service => service.Asking)])];
        }

        await Task.WhenAll(ending);
        _memory.Write(_services.Values);
        _book.Dispose();
        _stop.Dispose();
    }

    /// <summary>The client of a registry; null when there is none of that name.</summary>
    internal IRegistryClient? ClientOf(string registry)
    {
        lock (_book.Gate)
            return _registries.Find_NeedsLock(registry)?.Client;
    }

    /// <summary>As <see cref="FollowedRegistries.MakeClient"/>.</summary>
    internal IRegistryClient MakeClient(RegistryConfig config) => _registries.MakeClient(config);

    private void SetRegistry(string name, RegistryConfig? config, RegistryProbing probing)
    {
        lock (_book.Gate)
        {
            if (_registries.Keeps_NeedsLock(name, config, probing))
                return;
            FollowedService[] followed = [.. _services.Values.Where(service => service.State.Key.Registry == name)];
            foreach (FollowedService service in followed)
                StopAsking_NeedsLock(service);
            _registries.Replace_NeedsLock(name, config, probing, [.. followed.Select(static service => service.Asking)]);
            foreach (FollowedService service in followed)
                _asking.Begin_NeedsLock(service);
        }
    }

    private void StopAsking_NeedsLock(FollowedService service)
    {
        ServiceAsking.Stop_NeedsLock(service);
        _ending.Add_NeedsLock(service.Asking);
    }

    private async Task TickAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var timer = new PeriodicTimer(Tick, _time);
        try
        {
            do
            {
                lock (_book.Gate)
                    _book.ReleaseDue_NeedsLock(_services.Values);
                _memory.Write(_services.Values);
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // stopped
        }
    }
}
