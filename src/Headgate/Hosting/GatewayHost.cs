using Headgate.CommandLine;
using Headgate.Control.Access;
using Headgate.Control.AdminApi;
using Headgate.Control.ControlApi;
using Headgate.Control.Explain;
using Headgate.Control.Groups;
using Headgate.Control.Nodes;
using Headgate.Control.ObjectsApi;
using Headgate.Control.OpenApi;
using Headgate.Control.Overrides;
using Headgate.Control.Registries;
using Headgate.Control.Status;
using Headgate.Core.Config;
using Headgate.Metrics;
using Headgate.Proxy;
using Headgate.Settings;
using Headgate.Store;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Headgate.Hosting;

/// <summary>
/// The gateway in one process. It starts from the inside out, so that whoever answers has what it needs: store, traffic, and last the Admin API,
/// control API, status and metrics. It stops in the order that loses nothing: not ready, no new traffic, requests under way, Admin API, store.
/// </summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly ILoggerFactory _logging;
    private readonly ListenSockets _sockets;
    private readonly List<IAsyncDisposable> _guests = [];
    private AdminKeys _keys = new([], null);
    private ConfigurationStores? _stores;
    private TrafficServer? _traffic;
    private ControlServer? _control;
    private ReopenSignal? _reopen;
    private volatile bool _stopping;

    private GatewayHost(GatewaySettings settings, ILoggerFactory logging)
    {
        Settings = settings;
        _logging = logging;
        _sockets = new ListenSockets(ListenerPlan.All(settings).Where(p => p.Purpose is not (ListenerPurpose.Http or ListenerPurpose.Https)));
    }

    /// <summary>What it runs with.</summary>
    public GatewaySettings Settings { get; }

    /// <summary>The open listeners, those of traffic first.</summary>
    public IReadOnlyList<BoundListener> Listeners => [.. _traffic?.Listeners ?? [], .. _sockets.Bound];

    /// <summary>File of the generated admin key; null when none was needed.</summary>
    public string? GeneratedKeyFile => _keys.GeneratedFile;

    /// <summary>An admin key that may write; empty when none is asked for. Never logged.</summary>
    public string AdminKey => _keys.First;

    /// <summary>Whether the store held nothing when the gateway started.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>URL under which this machine reaches the first listener of a purpose.</summary>
    public string Url(ListenerPurpose purpose) => Listeners.First(l => l.Plan.Purpose == purpose).LocalUrl;

    /// <summary>Disposes of <paramref name="guest"/> when everything else has stopped.</summary>
    public void OnStop(IAsyncDisposable guest) => _guests.Add(guest);

    /// <summary>Starts everything; returns when traffic is served.</summary>
    /// <exception cref="StartException">Something cannot be had.</exception>
    /// <exception cref="ListenException">A listener cannot be had.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be opened.</exception>
    public static async Task<GatewayHost> StartAsync(GatewaySettings settings, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var host = new GatewayHost(settings, logging);
        try
        {
            await host.StartAsync(cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops in order. Requests under way have the shutdown timeout; what is still under way then is cut off.</summary>
    public async Task StopAsync()
    {
        _stopping = true;
        using var bound = new CancellationTokenSource(Settings.ShutdownTimeout);
        if (_traffic is not null)
            await _traffic.StopAsync(bound.Token);
        if (_control is not null)
            await _control.StopAsync(bound.Token);
        if (_stores is not null)
            await _stores.Retention.StopAsync(bound.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _reopen?.Dispose();
        if (_control is not null)
            await _control.DisposeAsync();
        if (_traffic is not null)
            await _traffic.DisposeAsync();
        if (_stores is not null)
            await _stores.DisposeAsync();
        foreach (IAsyncDisposable guest in _guests)
            await guest.DisposeAsync();
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        _stores = await ConfigurationStores.OpenAsync(Settings, _logging, cancellationToken);
        IConfigStore store = _stores.Default;
        _keys = AdminKeys.Resolve(Settings.Admin, Settings.Data);
        IsEmpty = (await store.GetAsync(ResourceKinds.DefaultPrefix + "/", cancellationToken)).Entries.Count == 0;
        _traffic = new TrafficServer(Settings, store, _logging, Settings.ExplainsByHeader ? _keys.ForExplaining(Settings.Admin.AllowAdmin.Items) : null);
        PluginRules.Use(_traffic.Plugins);
        _reopen = new ReopenSignal(_traffic.ReopenLogs);
        await _traffic.StartAsync(cancellationToken);
        var options = new AdminApiOptions
        {
            Version = GatewayVersion.Text,
            Keys = _keys.Keys,
            KeyRequired = Settings.Admin.KeyRequired,
            AllowAdmin = Settings.Admin.AllowAdmin.Items,
            Plugins = _traffic.Plugins,
        };
        _control = ControlServer.Build(
            ListenerPlan.All(Settings), _sockets, _logging,
            services => services.AddAdminApi(prefix => prefix == ResourceKinds.DefaultPrefix ? store : _stores.Of(prefix), options), Endpoints(store, _traffic));
        await _control.StartAsync(cancellationToken);

        // Last: no start waits for it.
        await _stores.Retention.StartAsync(cancellationToken);
    }

    private Dictionary<ListenerPurpose, Action<IEndpointRouteBuilder>> Endpoints(IConfigStore store, TrafficServer traffic)
    {
        IMetricsSource[] metrics = [new ProcessMetrics(GatewayVersion.Text, () => traffic.Revision), .. traffic.Metrics];
        Dictionary<string, string> registries = Settings.Registries.ToDictionary(static registry => registry.Config.Type, static registry => registry.Shown);
        return new Dictionary<ListenerPurpose, Action<IEndpointRouteBuilder>>
        {
            [ListenerPurpose.Admin] = endpoints =>
            {
                endpoints.MapAdminApi();
                endpoints.MapGroupApi();
                endpoints.MapAccessApi();
                endpoints.MapObjectsApi();
                endpoints.MapOpenApi();
                endpoints.MapNodesApi(traffic.Upstreams, () => DataPlane.LatencyClockMs);
                endpoints.MapExplainApi(traffic.Explainer, traffic.RecentDecisions);
                endpoints.MapOverrideApi(traffic.Snapshots, traffic.Upstreams, traffic.Overrides);
                endpoints.MapRegistryApi(traffic.Snapshots, traffic.Upstreams, traffic.Discovery, traffic.RegistryQuestions, registries);
            },
            [ListenerPurpose.Control] = endpoints => endpoints.MapControlApi(store, traffic.Health, traffic.Discovery, registries),
            [ListenerPurpose.Status] = endpoints => endpoints.MapStatusApi(() => !_stopping && traffic.Revision >= 0),
            [ListenerPurpose.Metrics] = endpoints => endpoints.MapMetrics(Settings.Metrics.Uri, metrics),
        };
    }
}
