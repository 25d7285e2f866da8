using Headgate.Control.Line;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Core.Snapshot;
using Headgate.Core.Snapshot.Explain;
using Headgate.Core.Upstreams;
using Headgate.Store;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Control.Tests;

/// <summary>A gateway instance whose parts are played, as an API asks it: what a test does not give is not there.</summary>
internal sealed class PlayedInstance : IRequestExplainer, IDiscoveryView, IRegistryQuestions, INodeConnectionCloser, IDisposable
{
    private readonly NodeOverrides? _ownOverrides;

    public PlayedInstance(
        string id = "gw-1", IConfigStore? store = null, SnapshotHolder? snapshots = null, ServedUpstreams? upstreams = null, RouteTraffics? routes = null, NodeOverrides? overrides = null,
        IRequestExplainer? explainer = null, IRecentDecisions? recent = null, IDiscoveryView? discovery = null, IRegistryQuestions? questions = null,
        IReadOnlyDictionary<string, string>? registries = null, long latencyClockMs = 0, string group = GatewayGroupConfig.DefaultId,
        TimeProvider? time = null, int start = 0)
    {
        Upstreams = upstreams ?? new ServedUpstreams();
        Snapshots = snapshots ?? new SnapshotHolder();
        overrides ??= _ownOverrides = new NodeOverrides(Upstreams, this, TimeProvider.System);
        var parts = new InstanceParts
        {
            Snapshots = Snapshots,
            Upstreams = Upstreams,
            Routes = routes ?? new RouteTraffics(),
            Overrides = overrides,
            Explainer = explainer ?? this,
            Recent = recent,
            Discovery = discovery ?? this,
            RegistryQuestions = questions ?? this,
            Registries = registries ?? new Dictionary<string, string>(),
            LatencyClockMs = () => latencyClockMs,
            StandIn = () => StandIn,
        };
        Instance = new LocalInstance(parts, time ?? TimeProvider.System) { Identity = PlayedLine.Identity(id, group, start) };
        Instance.AnswerFrom(store ?? new InMemoryStore(), TimeProvider.System, NullLoggerFactory.Instance);
    }

    public LocalInstance Instance { get; }

    public ServedUpstreams Upstreams { get; }

    public SnapshotHolder Snapshots { get; }

    /// <summary>Since when something else stands in for the store, and why.</summary>
    public (DateTimeOffset Since, string Why)? StandIn { get; set; }

    public void Dispose()
    {
        Instance.Dispose();
        _ownOverrides?.Dispose();
    }

    RequestExplanation IRequestExplainer.Explain(InventedRequest request) => throw new NotSupportedException();

    IReadOnlyList<RegistryView> IDiscoveryView.Registries() => [];

    IReadOnlyList<ServiceView> IDiscoveryView.Services() => [];

    bool IDiscoveryView.Release(ServiceKey service) => false;

    Task<IReadOnlyList<string>> IRegistryQuestions.ListServicesAsync(string registry, int max, CancellationToken cancellationToken) => throw new RegistryException("played");

    Task<ServiceAnswer> IRegistryQuestions.AskAsync(ServiceKey service, TimeSpan timeout, CancellationToken cancellationToken) => throw new RegistryException("played");

    Task<RegistryTrial> IRegistryQuestions.TestAsync(RegistryConfig config, TimeSpan timeout, CancellationToken cancellationToken) => throw new RegistryException("played");

    void INodeConnectionCloser.CloseIdle(NodeState node)
    {
    }

    int INodeConnectionCloser.CutOff(NodeState node) => 0;
}
