using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Core.Primitives;
using Headgate.Proxy.Registries;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Discovery;

/// <summary>
/// Follows the services that upstreams name: asks their registries, keeps what they said over failures and restarts, and tells the compiler which services have changed. Each service is
/// asked for by a flow of its own, so that none waits for another. No request ever comes here. Thread-safe.
/// </summary>
public sealed class DiscoveryLoop : IServiceSource, IDiscoveryView, IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan NoWait = TimeSpan.FromSeconds(10);

    private readonly DiscoveryBook _book;
    private readonly Dictionary<string, FollowedRegistry> _registries = new(StringComparer.Ordinal);
    private readonly Dictionary<ServiceKey, FollowedService> _services = [];
    private readonly List<Task> _retiring = [];
    private readonly Dictionary<ServiceKey, RememberedService> _remembered;
    private readonly CancellationTokenSource _stop = new();
    private readonly DiscoveryOptions _options;
    private readonly RegistryServices _needs;
    private readonly Func<RegistryConfig, RegistryServices, IRegistryClient> _make;
    private readonly DiscoveryFile _file;
    private readonly ILogger _logger;
    private readonly Random _seeds;
    private readonly Task _ticking;
    private DateTimeOffset _noWaitUntil; // of whoever waits for first answers, which is one thread

    /// <summary>Makes it; it asks nothing while nothing is followed but whether the registries of <paramref name="options"/> are there.</summary>
    /// <param name="options">What is the gateway's own.</param>
    /// <param name="needs">What clients are made with.</param>
    /// <param name="make">Makes clients; null = those of <see cref="RegistryClients"/>.</param>
    public DiscoveryLoop(DiscoveryOptions options, RegistryServices needs, Func<RegistryConfig, RegistryServices, IRegistryClient>? make = null)
    {
        (_options, _needs, _make) = (options, needs, make ?? RegistryClients.Make);
        _logger = needs.Loggers.CreateLogger<DiscoveryLoop>();
        _book = new DiscoveryBook(needs.Time, _logger);
        _seeds = new Random(needs.Seed);
        _file = new DiscoveryFile(options.File, _logger);
        _remembered = _file.Read();
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
            if (_remembered.Remove(service, out RememberedService? known))
                followed.State.Remember(known.Instances, known.AnsweredAt);
            _services.Add(service, followed);
            _book.Await_NeedsLock(followed);
            Ask_NeedsLock(followed);
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
            return [.. _registries.Values.OrderBy(static registry => registry.Name, StringComparer.Ordinal).Select(static registry => registry.View())];
    }

    /// <inheritdoc/>
    public IReadOnlyList<ServiceView> Services()
    {
        DateTimeOffset now = _needs.Time.GetUtcNow();
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

    /// <summary>
    /// Waits until there was a word about each service that is followed now, be it a failure; not longer than <paramref name="timeout"/>. After a wait that was in vain the next ones
    /// are, for <see cref="NoWait"/>, none: a slow registry must not hold up one edit after the other.
    /// </summary>
    public async Task FirstAnswersAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        Task[] words;
        lock (_book.Gate)
            words = [.. _book.Unanswered_NeedsLock.Select(static service => service.First.Task)];
        if (words.Length == 0 || _needs.Time.GetUtcNow() < _noWaitUntil)
            return;
        Task all = Task.WhenAll(words);
        await all.WaitAsync(timeout, _needs.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        cancellationToken.ThrowIfCancellationRequested();
        if (!all.IsCompleted)
            _noWaitUntil = _needs.Time.GetUtcNow() + NoWait;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] asking, ending;
        lock (_book.Gate)
        {
            foreach (FollowedService service in _services.Values)
                _ = service.Stop.CancelAsync();
            asking = [.. _services.Values.Select(static service => service.Asking)];
            ending = [.. _retiring, _ticking, .. _registries.Values.Select(registry => RetireAsync(registry, asking))];
        }

        await Task.WhenAll(ending);
        Write();
        _book.Dispose();
        _stop.Dispose();
    }

    /// <summary>The client of a registry; null when there is none of that name.</summary>
    internal IRegistryClient? ClientOf(string registry)
    {
        lock (_book.Gate)
            return _registries.GetValueOrDefault(registry)?.Client;
    }

    /// <summary>A client of nobody's; whoever takes it disposes of it.</summary>
    internal IRegistryClient MakeClient(RegistryConfig config) => _make(config, _needs with { Seed = _seeds.Next() });

    private void SetRegistry(string name, RegistryConfig? config, RegistryProbing probing)
    {
        lock (_book.Gate)
        {
            FollowedRegistry? before = _registries.GetValueOrDefault(name);
            if (before is not null && before.Config == config)
            {
                before.Probing = probing;
                return;
            }

            if (before is null && config is null)
                return;
            FollowedService[] followed = [.. _services.Values.Where(service => service.State.Key.Registry == name)];
            foreach (FollowedService service in followed)
                StopAsking_NeedsLock(service);
            if (config is null)
                _registries.Remove(name);
            else
                _registries[name] = Begin(new FollowedRegistry(name, config, MakeClient(config), _needs.Time.GetUtcNow()) { Probing = probing });
            if (before is not null)
                Retire_NeedsLock(RetireAsync(before, [.. followed.Select(static service => service.Asking)]));
            foreach (FollowedService service in followed)
                Ask_NeedsLock(service);
        }
    }

    private void Ask_NeedsLock(FollowedService service)
    {
        ServiceKey key = service.State.Key;
        service.Registry = _registries.GetValueOrDefault(key.Registry);
        string? problem = service.Registry is null ? $"there is no registry {key.Registry}"
            : service.Registry.Config.Type != key.Type ? $"{key.Registry} is of type {service.Registry.Config.Type}, not {key.Type}"
            : null;
        if (problem is not null)
        {
            service.State.Fail(problem, _needs.Time.GetUtcNow());
            DiscoveryLog.ServiceFailed(_logger, key.Name, key.Registry, problem, service.State.Instances.Count);
            service.Registry = null;
            _book.Answered_NeedsLock(service);
            return;
        }

        service.Stop = new CancellationTokenSource();
        service.Registry!.Asked(service);
        service.Asking = AskAsync(service, service.Registry, new RetryDelay(new Random(_seeds.Next()), _options.RetryMin, _options.RetryMax), service.Stop.Token);
    }

    private void StopAsking_NeedsLock(FollowedService service)
    {
        _ = service.Stop.CancelAsync();
        service.Registry?.Left(service);
        service.Registry = null;
        if (!service.Asking.IsCompleted)
            Retire_NeedsLock(service.Asking);
    }

    private void Retire_NeedsLock(Task task)
    {
        _retiring.RemoveAll(static retired => retired.IsCompleted);
        _retiring.Add(task);
    }

    private static async Task RetireAsync(FollowedRegistry registry, Task[] asking)
    {
        await registry.Stop.CancelAsync();
        await Task.WhenAll([registry.Testing, .. asking]);
        await registry.Client.DisposeAsync();
    }

    private FollowedRegistry Begin(FollowedRegistry registry)
    {
        registry.Testing = TestAsync(registry, registry.Stop.Token);
        return registry;
    }

    /// <summary>Tests a registry from time to time, as long as no service shows how it is.</summary>
    private async Task TestAsync(FollowedRegistry registry, CancellationToken stop)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (!stop.IsCancellationRequested)
        {
            bool needed;
            RegistryProbing probing;
            lock (_book.Gate)
                (needed, probing) = (registry.NeedsProbe, registry.Probing);
            if (needed)
            {
                try
                {
                    _book.OnTested(registry, await RegistryTest.RunAsync(registry.Client, probing.Timeout, _needs.Time, stop), stop);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }

            await Task.Delay(probing.Interval, _needs.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AskAsync(FollowedService service, FollowedRegistry registry, RetryDelay delay, CancellationToken stop)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // the compiler holds the lock
        while (!stop.IsCancellationRequested)
        {
            RegistryException failure;
            try
            {
                await foreach (ServiceAnswer answer in registry.Client.FollowAsync(service.State.Key, stop))
                {
                    _book.OnAnswer(service, registry, answer, stop);
                    delay.Reset();
                }

                failure = new RegistryException("the following has ended");
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (RegistryException e)
            {
                failure = e;
            }
            catch (Exception e) // a defect of a client's must not end the following of a service
            {
                failure = new RegistryException($"{e.GetType().Name}: {e.Message}", e);
            }

            _book.OnFailure(service, registry, failure, stop);
            await Task.Delay(delay.Next(), _needs.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TickAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var timer = new PeriodicTimer(Tick, _needs.Time);
        try
        {
            do
            {
                lock (_book.Gate)
                    _book.ReleaseDue_NeedsLock(_services.Values);
                Write();
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // stopped
        }
    }

    /// <summary>Keeps what is known. By one thread at a time: the ticking, and after it the end.</summary>
    private void Write()
    {
        RememberedService[] known;
        lock (_book.Gate)
        {
            if (!_book.IsUnwritten)
                return;
            _book.IsUnwritten = false;
            DateTimeOffset now = _needs.Time.GetUtcNow();
            known =
            [
                .. _services.Values.Where(static service => service.State.IsKnown).Select(service => service.View(now))
                    .Select(static view => new RememberedService(view.Key, view.AnsweredAt!.Value, view.Instances)),
                .. _remembered.Values, // nobody has asked for these yet: the configuration may not be read
            ];
        }

        if (_file.Write(known))
            return;
        lock (_book.Gate)
            _book.IsUnwritten = true;
    }
}
