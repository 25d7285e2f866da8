using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Discovery;
using Headgate.Core.Plugins;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>
/// Turns changes of stored objects into the next snapshot. It holds the last good version of every object, so that the work of a change is that of the change:
/// an edit of an upstream copies one page of the table and touches no route, an edit of a route copies its way in the route table, and only an object that
/// appears or disappears relinks the routes that name it. One thread at a time; <see cref="Rejected"/> may be read by any.
/// </summary>
public sealed class SnapshotCompiler
{
    private readonly RejectedObjects _rejected = new();
    private readonly HeldUpstreams _upstreams;
    private readonly RouteCompiler _routes;
    private readonly ConsumerCompiler _consumers;
    private readonly GlobalRuleCompiler _globalRules;
    private readonly HeldCertificates _certificates;
    private readonly PluginMetadata _pluginMetadata;
    private readonly SecretUsers _secretUsers;
    private readonly NodeOverrides? _overrides;
    private readonly PluginCatalog _plugins;
    private readonly IServiceSource? _services;
    private readonly HashSet<string> _registries = new(StringComparer.Ordinal);

    /// <summary>Makes a compiler that holds nothing.</summary>
    /// <param name="directory">Gives nodes their states.</param>
    /// <param name="plugins">The plugins this gateway has; a route that names another one answers 503.</param>
    /// <param name="observer">Told which upstreams are served; null = nobody.</param>
    /// <param name="balancingSeed">Where the random draws of balancing begin; gateways that share nodes should each have another.</param>
    /// <param name="overrides">Applies operators' overrides, and follows what <paramref name="observer"/> is told; null = nobody does.</param>
    /// <param name="balancing">What of balancing is the gateway's own; null = <see cref="BalancingSettings.Default"/>.</param>
    /// <param name="pluginCompiler">Makes plugins run; null = none does.</param>
    /// <param name="pluginMetadata">Where plugins find their metadata; null = nobody reads it.</param>
    /// <param name="secrets">What references to secrets stand for; null = objects that have any are refused.</param>
    /// <param name="certificateCompiler">Makes certificates ready for handshakes; null = none is shown to clients.</param>
    /// <param name="services">Follows services of registries; null = services have no nodes.</param>
    public SnapshotCompiler(
        NodeDirectory directory, PluginCatalog plugins, IUpstreamObserver? observer = null, ulong balancingSeed = 0, NodeOverrides? overrides = null,
        BalancingSettings? balancing = null, IPluginCompiler? pluginCompiler = null, PluginMetadata? pluginMetadata = null, ISecretValues? secrets = null,
        ICertificateCompiler? certificateCompiler = null, IServiceSource? services = null)
    {
        _services = services;
        _plugins = plugins;
        _overrides = overrides;
        _secretUsers = new SecretUsers(secrets);
        _pluginMetadata = pluginMetadata ?? new PluginMetadata();
        _certificates = new HeldCertificates(certificateCompiler);
        _upstreams = new HeldUpstreams(directory, balancing ?? BalancingSettings.Default, balancingSeed, observer, _certificates, services);
        _routes = new RouteCompiler(_upstreams, pluginCompiler);
        _consumers = new ConsumerCompiler(_upstreams, pluginCompiler);
        _globalRules = new GlobalRuleCompiler(_upstreams, pluginCompiler);
    }

    /// <summary>References to secrets that objects have.</summary>
    public IEnumerable<string> SecretReferences => _secretUsers.References;

    /// <summary>The objects that have one of <paramref name="references"/>, to be applied again when what these stand for has changed.</summary>
    public IEnumerable<ConfigChange> NamingSecrets(IReadOnlySet<string> references) => _secretUsers.Naming(references);

    /// <summary>The objects that are not served as stored, in no particular order; the same instance until one is added or goes. Safe on any thread.</summary>
    public IReadOnlyList<RejectedObject> Rejected => _rejected.Items;

    /// <summary>
    /// Routes that the last <see cref="Apply(long, IEnumerable{ConfigChange})"/> brought, or brought other such variables of. Valid until the next; for the thread that applies.
    /// </summary>
    public IReadOnlyList<UnsupportedVariables> UnsupportedVariables => _routes.UnsupportedVariables;

    /// <summary>The counters of the requests of the routes that are served.</summary>
    public RouteTraffics RouteTraffic => _routes.Traffic;

    /// <summary>
    /// Owners of upstreams to which the last <see cref="Apply(long, IEnumerable{ConfigChange})"/> brought <c>zone_aware</c> while this gateway has no zone, so that it does nothing
    /// here. Valid until the next; for the thread that applies.
    /// </summary>
    public IReadOnlyList<string> ZonelessUpstreams => _upstreams.Zoneless;

    /// <summary>
    /// The snapshot after <paramref name="changes"/>, which may be in any order, references before what they refer to included; of several changes of one object
    /// the last counts. An object that is refused is added to <see cref="Rejected"/> and stops no other.
    /// </summary>
    public GatewaySnapshot Apply(long revision, IEnumerable<ConfigChange> changes)
    {
        _routes.ForgetUnsupportedVariables();
        _upstreams.ForgetZoneless();
        foreach (ConfigChange change in changes)
        {
            try
            {
                Apply(revision, change);
            }
            catch (Exception e)
            {
                // A fault of ours, not of the object; it must not keep the other objects, of this and later revisions, from being served.
                _rejected.Add(Faulty(revision, change, e));
            }
        }

        _rejected.Publish();
        return Snapshot(revision);
    }

    /// <summary>The snapshot after the instances of <paramref name="services"/> have changed. A service that no upstream follows changes nothing.</summary>
    public GatewaySnapshot ApplyServices(long revision, IEnumerable<ServiceKey> services)
    {
        foreach (ServiceKey service in services)
            _upstreams.OnService(service);
        return Snapshot(revision);
    }

    /// <summary>Last, when every object that another may name is where it will be.</summary>
    private GatewaySnapshot Snapshot(long revision) =>
        new(revision, _routes.Publish(), _upstreams.Publish(), _consumers.Publish(), _globalRules.Publish(), _certificates.Publish());

    private void Apply(long revision, ConfigChange change)
    {
        if (change.Json is not { } json)
        {
            _rejected.Remove(change.Kind, change.Id);
            _secretUsers.Remove(change.Kind, change.Id);
            Set(change.Kind, change.Id, null);
            return;
        }

        var errors = new ConfigErrors();
        object? config = _secretUsers.Resolve(change, json, errors, out IReadOnlyDictionary<string, string> used) is { } resolved
            ? Parse(change.Kind, change.Id, resolved, errors)
            : null;
        if (config is null || !errors.IsValid)
        {
            _rejected.Add(new RejectedObject(change.Kind, change.Id, SecretUsers.Redact(errors.Errors, used), revision, IsServed(change.Kind, change.Id)));
            return;
        }

        _rejected.Remove(change.Kind, change.Id);
        Set(change.Kind, change.Id, config);
    }

    private object? Parse(ResourceKind kind, string id, ReadOnlyMemory<byte> json, ConfigErrors errors)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return kind == ResourceKind.Ssl ? _certificates.Read(id, document.RootElement, errors) : ConfigParser.ParseStored(kind, id, document.RootElement, errors, _plugins);
        }
        catch (JsonException e)
        {
            errors.Add("", $"{kind.Singular()} \"{id}\" is not JSON: {e.Message.TrimEnd('.')}");
            return null;
        }
    }

    private RejectedObject Faulty(long revision, ConfigChange change, Exception e) => new(
        change.Kind,
        change.Id,
        [new ConfigError("", $"{change.Kind.Singular()} \"{change.Id}\" cannot be compiled, which is a defect of the gateway: {e.GetType().Name}: {e.Message}")],
        revision,
        IsServed(change.Kind, change.Id));

    private bool IsServed(ResourceKind kind, string id) => kind switch
    {
        ResourceKind.Upstream => _upstreams.Named(id) is not null,
        ResourceKind.Route => _routes.HasRoute(id),
        ResourceKind.Service => _routes.HasService(id),
        ResourceKind.PluginConfig => _routes.PluginConfigs.Contains(id),
        ResourceKind.Consumer => _consumers.HasConsumer(id),
        ResourceKind.Credential => _consumers.HasCredential(id),
        ResourceKind.ConsumerGroup => _consumers.Groups.Contains(id),
        ResourceKind.GlobalRule => _globalRules.Rules.Contains(id),
        ResourceKind.PluginMetadata => _pluginMetadata.Of(id).Current is not null,
        ResourceKind.Override => OverrideTarget.TryParse(id, out OverrideTarget target) && _overrides?.Find(target) is not null,
        ResourceKind.Ssl => _certificates.Contains(id),
        ResourceKind.ServiceRegistry => _registries.Contains(id),
        _ => false,
    };

    /// <summary>Takes an object's new version; null = it is gone.</summary>
    private void Set(ResourceKind kind, string id, object? config)
    {
        switch (kind)
        {
            case ResourceKind.Upstream:
                if (_upstreams.SetNamed(id, (UpstreamConfig?)config))
                    _routes.OnUpstream(id);
                break;
            case ResourceKind.Route:
                _routes.SetRoute(id, (RouteConfig?)config);
                break;
            case ResourceKind.Service:
                _routes.SetService(id, (ServiceConfig?)config);
                break;
            case ResourceKind.PluginConfig:
                _routes.PluginConfigs.Set(id, (PluginSetConfig?)config);
                break;
            case ResourceKind.Consumer:
                _consumers.SetConsumer(id, (ConsumerConfig?)config);
                break;
            case ResourceKind.Credential:
                _consumers.SetCredential(id, (CredentialConfig?)config);
                break;
            case ResourceKind.ConsumerGroup:
                _consumers.Groups.Set(id, (PluginSetConfig?)config);
                break;
            case ResourceKind.GlobalRule:
                _globalRules.Rules.Set(id, (PluginSetConfig?)config);
                break;
            case ResourceKind.PluginMetadata:
                _pluginMetadata.Of(id).Current = ((PluginMetadataConfig?)config)?.Config;
                break;
            case ResourceKind.Override:
                if (OverrideTarget.TryParse(id, out OverrideTarget target))
                    _overrides?.Set(target, (OverrideConfig?)config);
                break;
            case ResourceKind.Ssl:
                _certificates.Set(id, (HeldCertificate?)config);
                _upstreams.OnCertificate(id);
                break;
            case ResourceKind.ServiceRegistry:
                _ = config is null ? _registries.Remove(id) : _registries.Add(id);
                _services?.SetRegistry(id, (ServiceRegistryConfig?)config);
                break;
            case ResourceKind.Secret:
                break; // whoever has the secrets follows these
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "no object of this kind is served");
        }
    }
}
