using System.Net;
using Headgate.Core.Discovery;
using Headgate.Core.Primitives;
using Headgate.Proxy;
using Headgate.Proxy.Explain;
using Headgate.Proxy.Plugins.ProxyCache;
using Headgate.Proxy.Restart;
using Headgate.Proxy.Upstream;

namespace Headgate.Settings;

/// <summary>
/// What <c>config.yaml</c> and the environment say, typed, immutable; the initialisers here are the defaults, and the only place that holds them.
/// Source of the names and defaults: APISIX's <c>config.yaml</c>, where it has the key (docs/reference/configuration.md).
/// </summary>
internal sealed record GatewaySettings
{
    /// <summary>Where clear-text HTTP traffic is taken.</summary>
    public EquatableArray<ListenSettings> NodeListen { get; init; } = [new(null, 9080)];

    /// <summary>Whether a listener without an address takes IPv6 as well, and whether IPv6 addresses of nodes are asked for.</summary>
    public bool EnableIpv6 { get; init; } = true;

    /// <summary>Whether listeners speak HTTP/2, unless one says otherwise.</summary>
    public bool EnableHttp2 { get; init; } = true;

    /// <summary>HTTPS traffic.</summary>
    public SslSettings Ssl { get; init; } = new();

    /// <summary>Whether the control API is served.</summary>
    public bool EnableControl { get; init; } = true;

    /// <summary>Where the control API is served.</summary>
    public ListenSettings Control { get; init; } = new(IPAddress.Loopback, 9090);

    /// <summary>Where liveness and readiness are served.</summary>
    public ListenSettings Status { get; init; } = new(IPAddress.Loopback, 7085);

    /// <summary>Whether active and passive health checks are off for all upstreams.</summary>
    public bool DisableUpstreamHealthcheck { get; init; }

    /// <summary>How the nodes' host names are resolved, and how often.</summary>
    public EndpointResolverOptions Resolving { get; init; } = EndpointResolverOptions.Default;

    /// <summary>What this process does.</summary>
    public DeploymentRole Role { get; init; } = DeploymentRole.Traditional;

    /// <summary>Where the configuration lives in the role <see cref="DeploymentRole.Traditional"/>.</summary>
    public ConfigProvider TraditionalProvider { get; init; } = ConfigProvider.Embedded;

    /// <summary>The same in the role <see cref="DeploymentRole.ControlPlane"/>.</summary>
    public ConfigProvider ControlPlaneProvider { get; init; } = ConfigProvider.Etcd;

    /// <summary>The same in the role <see cref="DeploymentRole.DataPlane"/>.</summary>
    public ConfigProvider DataPlaneProvider { get; init; } = ConfigProvider.Etcd;

    /// <summary>Where the configuration lives.</summary>
    public ConfigProvider ConfigProvider => Role switch
    {
        DeploymentRole.ControlPlane => ControlPlaneProvider,
        DeploymentRole.DataPlane => DataPlaneProvider,
        _ => TraditionalProvider,
    };

    /// <summary>Whether the Admin API is served in this role: a data plane has none, a control plane always, as in APISIX.</summary>
    public bool ServesAdmin => Role switch
    {
        DeploymentRole.ControlPlane => true,
        DeploymentRole.DataPlane => false,
        _ => Admin.Enable,
    };

    /// <summary>Whether traffic is served in this role.</summary>
    public bool ServesTraffic => Role != DeploymentRole.ControlPlane;

    /// <summary>Whether the configuration is given to the Admin API as a whole (API-driven standalone), as in APISIX when <c>yaml</c> meets an Admin API.</summary>
    public bool IsApiDriven => ConfigProvider == ConfigProvider.Yaml && ServesAdmin;

    /// <summary>Whether the configuration is read from a file.</summary>
    public bool IsFileDriven => ConfigProvider is ConfigProvider.Yaml or ConfigProvider.Json && !IsApiDriven;

    /// <summary>File of the configuration; null = <c>apisix.yaml</c> or <c>apisix.json</c> beside <c>config.yaml</c>.</summary>
    public string? StandaloneFile { get; init; }

    /// <summary>Folder of <c>config.yaml</c>; the working directory without one.</summary>
    public string ConfigFolder { get; init; } = ".";

    /// <summary>Absolute path of the file that <see cref="IsFileDriven"/> tells of.</summary>
    public string StandalonePath => Path.GetFullPath(StandaloneFile ?? Path.Combine(ConfigFolder, ConfigProvider == ConfigProvider.Json ? "apisix.json" : "apisix.yaml"));

    /// <summary>The etcd that it lives in, if it does.</summary>
    public EtcdSettings Etcd { get; init; } = new();

    /// <summary>The Admin API.</summary>
    public AdminSettings Admin { get; init; } = new();

    /// <summary>The metrics page.</summary>
    public MetricsSettings Metrics { get; init; } = new();

    /// <summary>Port at which clients reach HTTPS, where it is not that of the first listener; 0 = it is.</summary>
    public int RedirectHttpsPort { get; init; }

    /// <summary>Where <c>proxy-cache</c> may keep answers.</summary>
    public EquatableArray<CacheZoneOptions> CacheZones { get; init; } = new([.. CacheZoneOptions.Default]);

    /// <summary>The access log.</summary>
    public AccessLogSettings AccessLog { get; init; } = new();

    /// <summary>Folder of the embedded store, the generated admin key and all else that is kept; relative to the working directory.</summary>
    public string Data { get; init; } = "./data";

    /// <summary>How old a health, a latency, an ejection or a slow start may be that is taken over from before a restart; 0 (none is) to a day.</summary>
    public TimeSpan VerdictAgeMax { get; init; } = NodeKeeperOptions.DefaultVerdictAgeMax;

    /// <summary>Which requests are kept to be explained afterwards.</summary>
    public RecentDecisionOptions RecentDecisions { get; init; } = RecentDecisionOptions.Default;

    /// <summary>Whether an admin's key in a header of a request has its answer say what was done with it.</summary>
    public bool ExplainsByHeader { get; init; }

    /// <summary>Id of this gateway instance; null = the generated one.</summary>
    public string? InstanceId { get; init; }

    /// <summary>The control planes that it reports to.</summary>
    public ControlPlaneSettings ControlPlane { get; init; } = new();

    /// <summary>The zone this gateway instance runs in; null = none.</summary>
    public string? Zone { get; init; }

    /// <summary>The key of sticky cookies; null = the generated one.</summary>
    public SecretText? StickyKey { get; init; }

    /// <summary>Folder of users' plugins; null = there is none.</summary>
    public string? PluginFolder { get; init; }

    /// <summary>The service registries, at most one of a type.</summary>
    public EquatableArray<RegistrySetting> Registries { get; init; } = [];

    /// <summary>When service registries are believed.</summary>
    public DiscoveryTerms DiscoveryTerms { get; init; } = DiscoveryTerms.Default;

    /// <summary>Folders below which secrets may be read from files.</summary>
    public EquatableArray<string> SecretFolders { get; init; } = [];

    /// <summary>How many days a revision stays in the history; 0 = for ever. API7 keeps its audit log for 180.</summary>
    public int HistoryDays { get; init; } = 180;

    /// <summary>How long requests under way may take to end after a stop was asked for; 0 to 1 hour.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What carries the bytes of clients and nodes.</summary>
    public TransportKind Transport { get; init; } = TransportKind.Loops;

    /// <summary>Limits towards clients.</summary>
    public ProxyLimits Limits { get; init; } = ProxyLimits.Default;
}
