using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Discovery;

/// <summary>A registry with its client and what is known of it. Everything but the client under the lock of its <see cref="DiscoveryLoop"/>.</summary>
/// <param name="name">As <see cref="Core.Config.ServiceKey.Registry"/>.</param>
/// <param name="config">How it is reached.</param>
/// <param name="client">Its client.</param>
/// <param name="now">Since when it is there.</param>
internal sealed class FollowedRegistry(string name, RegistryConfig config, IRegistryClient client, DateTimeOffset now)
{
    private readonly HashSet<FollowedService> _asked = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<FollowedService> _failing = new(ReferenceEqualityComparer.Instance);
    private readonly List<RegistryChange> _history = [new(now, RegistryStatus.Connecting, null)];
    private RegistryCounters _counters;
    private DateTimeOffset? _heardAt;

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>How it is reached.</summary>
    public RegistryConfig Config => config;

    /// <summary>Its client.</summary>
    public IRegistryClient Client => client;

    /// <summary>How it is tested.</summary>
    public RegistryProbing Probing { get; set; } = RegistryProbing.Default;

    /// <summary>Ends the tests.</summary>
    public CancellationTokenSource Stop { get; } = new();

    /// <summary>The tests: end after <see cref="Stop"/>, and never fail.</summary>
    public Task Testing { get; set; } = Task.CompletedTask;

    /// <summary>Whether it is to be tested because no service shows how it is.</summary>
    public bool NeedsProbe => _asked.Count == 0;

    /// <summary>The services that have no answer now for a reason of the registry's.</summary>
    public int Failing => _failing.Count;

    /// <summary>Its status, since when, and why.</summary>
    public RegistryChange Last => _history[^1];

    /// <summary>It is asked about a service from now on.</summary>
    public void Asked(FollowedService service) => _asked.Add(service);

    /// <summary>It is asked about a service no more.</summary>
    public void Left(FollowedService service)
    {
        _asked.Remove(service);
        _failing.Remove(service);
    }

    /// <summary>It has answered: about a service, or to a test (null). True when its status is another now.</summary>
    public bool Answered(FollowedService? service, bool changed, DateTimeOffset at)
    {
        if (service is not null)
        {
            _failing.Remove(service);
            _counters = _counters with { Answers = _counters.Answers + 1, Changes = _counters.Changes + (changed ? 1 : 0) };
        }

        _heardAt = at;
        return Set(RegistryStatus.Healthy, null, at);
    }

    /// <summary>It has not answered about a service, or to a test (null). True when it is lost now, and was not before.</summary>
    public bool Failed(FollowedService? service, RegistryException failure, DateTimeOffset at)
    {
        if (service is not null)
        {
            _counters = _counters with { Failures = _counters.Failures + 1 };
            if (failure.IsOfServiceOnly)
                return false;
            _failing.Add(service);
        }

        return _failing.Count >= _asked.Count && Set(RegistryStatus.Lost, failure.Message, at);
    }

    /// <summary>It as it is now.</summary>
    public RegistryView View() => new(name, config, Last, _heardAt, [.. _history], _counters);

    private bool Set(RegistryStatus status, string? reason, DateTimeOffset at)
    {
        if (Last.Status == status)
        {
            if (Last.Reason != reason)
                _history[^1] = Last with { Reason = reason }; // the latest reason says most; since when stays
            return false;
        }

        if (_history.Count == RegistryView.HistoryMax)
            _history.RemoveAt(0);
        _history.Add(new RegistryChange(at, status, reason));
        return true;
    }
}
