using Headgate.Core.Config.Plugins;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Headgate.CommandLine;
using Headgate.Control.Line;
using Headgate.Core.Discovery;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Metrics;
using Headgate.Proxy;
using Headgate.Proxy.Plugins;
using Headgate.Proxy.Configuration;
using Headgate.Proxy.Discovery;
using Headgate.Proxy.Explain;
using Headgate.Proxy.Registries;
using Headgate.Proxy.Restart;
using Headgate.Proxy.Secrets;
using Headgate.Proxy.Telemetry.Metrics;
using Headgate.Proxy.Tls;
using Headgate.Proxy.Upstream;
using Headgate.Settings;
using Headgate.Store;
using Microsoft.Extensions.Logging;

namespace Headgate.Hosting;

/// <summary>What serves traffic, as the host starts and stops it: the data plane, and the loop that brings it the configuration.</summary>
internal sealed class TrafficServer : IAsyncDisposable
{
    private readonly SnapshotHolder _snapshots = new();
    private readonly ListenerPlan[] _plans;
    private readonly DataPlane _dataPlane;
    private readonly NodeKeeper _keeper;
    private readonly PluginServices _plugins;
    private readonly NodeDirectory _nodes;
    private readonly DiscoveryLoop _discovery;
    private readonly SnapshotSource _source;

    /// <summary>Makes it; nothing runs before <see cref="StartAsync"/>.</summary>
    /// <param name="settings">What it runs with.</param>
    /// <param name="store">Where the configuration is.</param>
    /// <param name="plugins">The plugins that this gateway has.</param>
    /// <param name="logging">Where to log.</param>
    /// <param name="standIn">Since when, and why, something else stands in for the store; null = nothing does.</param>
    /// <param name="explaining">Who may ask by a header what is done with a request; null = nobody.</param>
    /// <exception cref="StartException">The certificate cannot be used, or the key of sticky cookies not be had.</exception>
    public TrafficServer(
        GatewaySettings settings, IConfigSource store, PluginCatalog plugins, ILoggerFactory logging, Func<(DateTimeOffset Since, string Why)?> standIn, ExplainHeaderOptions? explaining = null)
    {
        _plans = [.. ListenerPlan.All(settings).Where(p => p.Purpose is ListenerPurpose.Http or ListenerPurpose.Https)];
        ProxyListener[] listeners = [.. _plans.Select(p => Listener(p, settings.EnableHttp2))];
        ServerCertificate? certificate = ListenerCertificates.Load(settings.Ssl);
        _dataPlane = new DataPlane(
            _snapshots, listeners, certificate, settings.Limits, settings.Transport, GatewayVersion.Text, TimeProvider.System, logging, Resolving(settings),
            checksHealth: !settings.DisableUpstreamHealthcheck, settings.RecentDecisions, explaining, settings.Ssl.FallbackSni, settings.AccessLog.Options);
        var remembering = new NodeKeeperOptions(
            Path.Combine(Path.GetFullPath(settings.Data), NodeKeeperOptions.FileName), settings.VerdictAgeMax, KeepsHealth: !settings.DisableUpstreamHealthcheck);
        _keeper = new NodeKeeper(remembering, _dataPlane.Upstreams, TimeProvider.System, logging.CreateLogger<NodeKeeper>());
        _nodes = new NodeDirectory(TimeProvider.System, _dataPlane.NodeObserver, _keeper);

        var counting = new TrafficMetrics(settings.Metrics.Counting);
        ulong balancingSeed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        _plugins = new PluginServices(TimeProvider.System, logging, balancingSeed) { HttpsPort = settings.RedirectHttpsPort != 0 ? settings.RedirectHttpsPort : HttpsPort(_plans), Metrics = counting };
        var balancing = new BalancingSettings(settings.Zone, StickyKeyFile.Resolve(settings));
        var secrets = new SecretKeeper(new SecretKeeperOptions { Folders = settings.SecretFolders.Items }, TimeProvider.System, logging.CreateLogger<SecretKeeper>());
        _discovery = new DiscoveryLoop(
            new DiscoveryOptions { Registries = [.. settings.Registries.Select(static registry => registry.Config)], Terms = settings.DiscoveryTerms, File = Path.Combine(Path.GetFullPath(settings.Data), DiscoveryOptions.FileName) },
            new RegistryServices(TimeProvider.System, logging, RandomNumberGenerator.GetInt32(int.MaxValue)));
        var compiler = new SnapshotCompiler(
            _nodes, plugins, _dataPlane.Upstreams, balancingSeed, _dataPlane.Overrides, balancing, new PluginCompiler(_plugins), _plugins.Metadata, secrets,
            new CertificateCompiler(settings.Transport), _discovery);
        Instance = new LocalInstance(Parts(compiler.RouteTraffic, standIn, settings), TimeProvider.System);
        var jitter = new Random(RandomNumberGenerator.GetInt32(int.MaxValue));
        _source = new SnapshotSource(store, compiler, _snapshots, secrets, TimeProvider.System, jitter, logging.CreateLogger<SnapshotSource>(), _discovery);
        Metrics =
        [
            new LogMetrics(_dataPlane.AccessLog, _plugins.Logs), new ProxyMetrics(_dataPlane), new HealthMetrics(_dataPlane.Health), new NodeLoadMetrics(_dataPlane.Upstreams), new OutlierMetrics(_dataPlane),
            new OverrideMetrics(_dataPlane.Overrides), new RateMetrics(_dataPlane.Upstreams), new CircuitMetrics(_dataPlane), new NodeTrafficMetrics(_dataPlane.Upstreams, counting),
            new ApisixMetrics(_dataPlane, counting, settings.Metrics.Prefix, GatewayVersion.Text, () => Revision), new RegistryMetrics(_discovery, TimeProvider.System),
        ];
    }

    private InstanceParts Parts(RouteTraffics routes, Func<(DateTimeOffset Since, string Why)?> standIn, GatewaySettings settings) => new()
    {
        Snapshots = _snapshots,
        Upstreams = _dataPlane.Upstreams,
        Routes = routes,
        Overrides = _dataPlane.Overrides,
        Explainer = _dataPlane.Explainer,
        Recent = _dataPlane.RecentDecisions,
        Discovery = _discovery,
        RegistryQuestions = new RegistryQuestions(_discovery, TimeProvider.System),
        Registries = settings.Registries.ToDictionary(static registry => registry.Config.Type, static registry => registry.Shown),
        LatencyClockMs = static () => DataPlane.LatencyClockMs,
        StandIn = standIn,
    };

    private static EndpointResolverOptions Resolving(GatewaySettings settings) =>
        settings.Resolving with { Dns = settings.Resolving.Dns with { UsesIpv6 = settings.EnableIpv6 } };

    /// <summary>The open traffic listeners; empty before <see cref="StartAsync"/>.</summary>
    public IReadOnlyList<BoundListener> Listeners { get; private set; } = [];

    /// <summary>Revision of the configuration that is served; −1 before the first. Any thread.</summary>
    public long Revision => _snapshots.AppliedRevision;

    /// <summary>The nodes' health.</summary>
    public IHealthView Health => _dataPlane.Health;

    /// <summary>What is served, and which revision it is of.</summary>
    public SnapshotHolder Snapshots => _snapshots;

    /// <summary>What is known of service registries and their services.</summary>
    public IDiscoveryView Discovery => _discovery;

    /// <summary>What of it control planes know.</summary>
    public LocalInstance Instance { get; }

    /// <summary>Has logs of requests begin anew at their paths: their files were renamed. Any thread.</summary>
    public void ReopenLogs()
    {
        _dataPlane.AccessLog?.Reopen();
        _plugins.Logs.Reopen();
    }

    /// <summary>What it has for the metrics page.</summary>
    public IReadOnlyList<IMetricsSource> Metrics { get; }

    /// <summary>Loads the configuration, then opens the listeners: no request meets a gateway that knows no routes yet.</summary>
    /// <exception cref="StartException">A listener cannot be had; the message names its key.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _keeper.Start();
        await _source.StartAsync(cancellationToken);
        await _snapshots.WaitForRevisionAsync(0, cancellationToken);
        try
        {
            await _dataPlane.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw ListenFailure(e);
        }

        Listeners = [.. _plans.Zip(_dataPlane.Addresses, (plan, uri) => new BoundListener(plan, new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port)))];
    }

    /// <summary>Takes no new connections and waits for the requests under way; what is left when <paramref name="cancellationToken"/> is cancelled is cut off.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _dataPlane.StopAsync(cancellationToken);
        _keeper.Stop();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Instance.Dispose();
        await _source.StopAsync(CancellationToken.None);
        _source.Dispose();
        await _discovery.DisposeAsync();
        await _dataPlane.DisposeAsync();
        await _plugins.Logs.DisposeAsync();
        _nodes.Dispose();
        _keeper.Dispose();
    }

    private static ProxyListener Listener(ListenerPlan plan, bool http2)
    {
        IPAddress every = Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        return new ProxyListener(new IPEndPoint(plan.Address ?? every, plan.Listen.Port), plan.Purpose == ListenerPurpose.Https, plan.Listen.Http2 ?? http2);
    }

    // The transport says which address failed, in its text only.
    private StartException ListenFailure(Exception e)
    {
        ListenerPlan? plan = Array.Find(_plans, p => e.Message.Contains($":{p.Listen.Port}:", StringComparison.Ordinal)) ?? (_plans.Length == 1 ? _plans[0] : null);
        return new StartException(plan is null ? e.Message : $"{plan.Path}: {e.Message} (port {plan.Listen.Port}; {EnvironmentOverrides.Name(plan.Key)} overrides the key)", e);
    }

    private static int HttpsPort(ListenerPlan[] plans) => Array.Find(plans, static plan => plan.Purpose == ListenerPurpose.Https)?.Listen.Port ?? 0;
}
