using Headgate.CommandLine;
using Headgate.Metrics;
using Headgate.Settings;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Headgate.Hosting;

/// <summary>
/// The gateway in one process: store, snapshot, control server, data plane; started in this order, stopped in the reverse one.
/// </summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly ListenSockets _sockets;
    private readonly List<IAsyncDisposable> _ownedByHost = [];
    private ControlServer? _control;

    private GatewayHost(GatewaySettings settings)
    {
        Settings = settings;
        _sockets = new ListenSockets(ListenerPlan.All(settings));
    }

    /// <summary>What it runs with.</summary>
    public GatewaySettings Settings { get; }

    /// <summary>The open listeners.</summary>
    public IReadOnlyList<BoundListener> Listeners => _sockets.Bound;

    /// <summary>File of the generated admin key; null when none was asked for.</summary>
    public string? GeneratedKeyFile { get; private set; }

    /// <summary>Whether the store held nothing when the gateway started.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>The first key of role admin; empty when none is asked for. Never logged.</summary>
    public string AdminKey { get; private set; } = "";

    /// <summary>Disposes of <paramref name="part"/> after everything else has stopped.</summary>
    public void OnStop(IAsyncDisposable part) => _ownedByHost.Add(part);

    /// <summary>URL under which this machine reaches the first listener of a purpose.</summary>
    public string Url(ListenerPurpose purpose) => Listeners.First(l => l.Plan.Purpose == purpose).LocalUrl;

    /// <summary>Starts everything; returns when traffic is served.</summary>
    /// <exception cref="StartException">Something cannot be had.</exception>
    /// <exception cref="ListenException">A listener cannot be had.</exception>
    public static async Task<GatewayHost> StartAsync(GatewaySettings settings, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var host = new GatewayHost(settings);
        try
        {
            await host.StartAsync(logging, cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    private async Task StartAsync(ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var metrics = new List<IMetricsSource> { new ProcessMetrics(GatewayVersion.Text, () => -1) };
        var endpoints = new Dictionary<ListenerPurpose, Action<IEndpointRouteBuilder>>
        {
            [ListenerPurpose.Metrics] = e => e.MapMetrics(Settings.Metrics.Uri, metrics),
        };
        _control = ControlServer.Build(ListenerPlan.All(Settings), _sockets, logging, _ => { }, endpoints);
        await _control.StartAsync(cancellationToken);
    }

    /// <summary>Stops: no new connections, requests under way end within the shutdown timeout, then the control server and the store.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var bound = new CancellationTokenSource(Settings.ShutdownTimeout);
        if (_control is not null)
            await _control.StopAsync(bound.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_control is not null)
            await _control.DisposeAsync();
        foreach (IAsyncDisposable part in _ownedByHost)
            await part.DisposeAsync();
    }
}
