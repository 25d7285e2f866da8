using System.Security.Cryptography;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Telemetry;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Upstream;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy;

/// <summary>
/// Everything that serves traffic, put together: what the executable starts and stops. The configuration reaches it through a <see cref="SnapshotHolder"/>;
/// whoever compiles snapshots tells <see cref="NodeObserver"/> which nodes are in use.
/// </summary>
public sealed class DataPlane : IAsyncDisposable
{
    private readonly DeadlineWheel _deadlines = new();
    private readonly NodeConnections _connections;
    private readonly EndpointResolver _resolver;
    private readonly ProxyServer _server;

    /// <summary>Makes the data plane; nothing listens before <see cref="StartAsync"/>.</summary>
    /// <param name="snapshots">Where the configuration is found.</param>
    /// <param name="listeners">Where clients are taken.</param>
    /// <param name="certificate">Certificate and chain of the https listeners; null when there are none.</param>
    /// <param name="limits">Limits towards clients.</param>
    /// <param name="version">Shown to clients in Server.</param>
    /// <param name="time">Source of the time.</param>
    /// <param name="loggers">Where to log.</param>
    /// <param name="resolving">How the nodes' host names are resolved; null = the defaults.</param>
    public DataPlane(
        SnapshotHolder snapshots, IReadOnlyList<ProxyListener> listeners, ServerCertificate? certificate, ProxyLimits limits, string version, TimeProvider time,
        ILoggerFactory loggers, EndpointResolverOptions? resolving = null)
    {
        _connections = new NodeConnections(_deadlines);

        // Only the times of refreshes hang on it: gateways that start together must not ask the name servers together.
        int seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        _resolver = new EndpointResolver(
            _connections, new SystemHostLookup(), resolving ?? EndpointResolverOptions.Default, time, loggers.CreateLogger<EndpointResolver>(), seed);
        var forwarder = new Forwarder(_connections, limits.Heads);
        var pipeline = new RequestPipeline(snapshots, forwarder, _resolver, _deadlines, Counters, limits.BodyBytesMax);
        _server = new ProxyServer(listeners, certificate, version, pipeline, _deadlines, Counters, limits, time, loggers);
    }

    /// <summary>What was counted.</summary>
    public ProxyCounters Counters { get; } = new();

    /// <summary>To be told which nodes are in use.</summary>
    public INodeObserver NodeObserver => _resolver;

    /// <summary>The addresses bound, in the order of the listeners; known after <see cref="StartAsync"/>.</summary>
    public IReadOnlyList<Uri> Addresses => _server.Addresses;

    /// <summary>Connections to nodes that are open now, idle ones included.</summary>
    public int NodeConnectionsOpen => _connections.OpenCount;

    /// <summary>Binds the listeners and begins to serve.</summary>
    /// <exception cref="IOException">An address is in use or cannot be bound.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => _server.StartAsync(cancellationToken);

    /// <summary>
    /// Stops taking clients, closes idle connections and lets the requests under way end until <paramref name="cancellationToken"/> is cancelled; what is left then
    /// is cut off.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _resolver.DisposeAsync();
        await _connections.DisposeAsync();
        _deadlines.Dispose();
    }
}
