using System.Security.Cryptography;
using Headgate.CommandLine;
using Headgate.Control.Access;
using Headgate.Control.AdminApi;
using Headgate.Control.Line;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Proxy.Tls;
using Headgate.Settings;
using Headgate.Store;
using Microsoft.Extensions.Logging;

namespace Headgate.Hosting;

/// <summary>
/// A process of the gateway, put together by its role: the configuration (<see cref="ConfigurationOpening"/>), the traffic side (<see cref="TrafficServer"/>, not on a control
/// plane), and what answers beside traffic (<see cref="ControlEndpoints"/>). It starts from the inside out, so that whoever answers has what it needs. It stops in the order
/// that loses nothing: not ready, no new traffic, requests under way, Admin API, store.
/// </summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly ILoggerFactory _logging;
    private readonly ListenSockets _sockets;
    private readonly List<IAsyncDisposable> _guests = [];
    private AdminKeys _keys = new([], null);
    private OpenConfiguration? _configuration;
    private TrafficServer? _traffic;
    private ControlServer? _control;
    private LineClient? _lines;
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

    /// <summary>Password of the user that a store without users got at this start; null = it has users. Shown once, never logged.</summary>
    public string? FirstPassword { get; private set; }

    /// <summary>URL under which this machine reaches the first listener of a purpose.</summary>
    public string Url(ListenerPurpose purpose) => Listeners.First(l => l.Plan.Purpose == purpose).LocalUrl;

    /// <summary>Disposes of <paramref name="guest"/> when everything else has stopped.</summary>
    public void OnStop(IAsyncDisposable guest) => _guests.Add(guest);

    /// <summary>Starts everything; returns when traffic is served.</summary>
    /// <exception cref="StartException">Something cannot be had.</exception>
    /// <exception cref="ListenException">A listener cannot be had.</exception>
    /// <exception cref="StoreUnavailableException">The configuration cannot be opened or read.</exception>
    public static async Task<GatewayHost> StartAsync(GatewaySettings settings, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        OpenConfiguration configuration = await new ConfigurationOpening(settings, logging).OpenAsync(cancellationToken);
        return await StartAsync(settings, configuration, logging, cancellationToken);
    }

    /// <summary>As the other, with a configuration that is open; it is disposed of with the host, or when the start fails.</summary>
    public static async Task<GatewayHost> StartAsync(GatewaySettings settings, OpenConfiguration configuration, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var host = new GatewayHost(settings, logging) { _configuration = configuration };
        try
        {
            await host.StartAsync(configuration, cancellationToken);
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
        if (_lines is not null)
            await _lines.DisposeAsync();
        if (_traffic is not null)
            await _traffic.StopAsync(bound.Token);
        if (_control is not null)
            await _control.StopAsync(bound.Token);
        if (_configuration?.Retention is { } retention)
            await retention.StopAsync(bound.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _reopen?.Dispose();
        if (_control is not null)
            await _control.DisposeAsync();
        if (_traffic is not null)
            await _traffic.DisposeAsync();
        if (_configuration is not null)
            await _configuration.DisposeAsync();
        foreach (IAsyncDisposable guest in _guests)
            await guest.DisposeAsync();
    }

    private async Task StartAsync(OpenConfiguration configuration, CancellationToken cancellationToken)
    {
        _keys = AdminKeys.Resolve(Settings);
        CertificateFiles? certificates = ListenerCertificates.OpenAdmin(Settings, _logging);

        // A data plane of many reads a large configuration once, and has no first steps to show; that etcd, or a last good configuration, is there was seen when it was opened.
        IsEmpty = (Settings.ConfigProvider != ConfigProvider.Etcd || (Settings.ServesAdmin && Settings.ServesTraffic)) && await configuration.IsEmptyAsync(cancellationToken);
        var plugins = new PluginCatalog(PluginAssemblies.Load(Settings.PluginFolder, _logging.CreateLogger(nameof(PluginAssemblies)), Settings.CacheZones.Items));
        PluginRules.Use(plugins);
        if (Settings.ServesTraffic)
            await StartTrafficAsync(configuration, plugins, cancellationToken);
        await CreateFirstUserAsync(configuration.Store, cancellationToken);
        var options = new AdminApiOptions
        {
            Version = GatewayVersion.Text,
            Keys = _keys.Keys,
            KeyRequired = Settings.Admin.KeyRequired,
            AllowAdmin = Settings.Admin.AllowAdmin.Items,
            Plugins = plugins,
            Standalone = configuration.Standalone,
            Served = _traffic?.Snapshots,
            Instance = _traffic?.Instance,
            Etcd = Settings.ConfigProvider == ConfigProvider.Etcd ? EtcdConnection.Shared(Settings.Etcd) : null,
        };
        var endpoints = new ControlEndpoints(Settings, configuration, _traffic, () => !_stopping && (_traffic is null || _traffic.Revision >= 0));
        _control = ControlServer.Build(ListenerPlan.All(Settings), _sockets, _logging, services =>
        {
            if (Settings.ServesAdmin)
                services.AddAdminApi(configuration.Of, options);
        }, endpoints.Build(), certificates);
        await _control.StartAsync(cancellationToken);

        if (_traffic is not null && LineClientSettings.Of(Settings.ControlPlane) is { } planes)
        {
            _lines = new LineClient(_traffic.Instance, planes, TimeProvider.System, _logging.CreateLogger<LineClient>());
            _lines.Start(RandomNumberGenerator.GetInt32(int.MaxValue));
        }

        // Last: no start waits for it.
        if (configuration.Retention is { } retention)
            await retention.StartAsync(cancellationToken);
    }

    /// <summary>Where people can log in, somebody must be able to. A store that cannot be written now gets its first user at another start.</summary>
    private async Task CreateFirstUserAsync(IConfigStore store, CancellationToken cancellationToken)
    {
        if (!Settings.ServesAdmin || Settings.ConfigProvider is not (ConfigProvider.Embedded or ConfigProvider.Etcd))
            return;
        try
        {
            FirstPassword = await FirstUser.CreateAsync(store, TimeProvider.System, cancellationToken);
        }
        catch (StoreUnavailableException e)
        {
            HostingLog.NoFirstUser(_logging.CreateLogger<GatewayHost>(), e.Message);
        }
    }

    private async Task StartTrafficAsync(OpenConfiguration configuration, PluginCatalog plugins, CancellationToken cancellationToken)
    {
        _traffic = new TrafficServer(Settings, configuration.Source, plugins, _logging, configuration.StandIn, Settings.ExplainsByHeader ? _keys.ForExplaining(Settings.Admin.AllowAdmin.Items) : null);
        _reopen = new ReopenSignal(_traffic.ReopenLogs);
        await _traffic.StartAsync(cancellationToken);
        _traffic.Instance.Identity = InstanceIdentities.Of(Settings, _traffic.Listeners);
        _traffic.Instance.AnswerFrom(configuration.Store, TimeProvider.System, _logging);
    }
}
