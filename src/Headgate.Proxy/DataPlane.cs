using System.Security.Cryptography;
using System.Text;
using Headgate.Core.Snapshot;
using Headgate.Core.Snapshot.Explain;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Dns;
using Headgate.Proxy.Explain;
using Headgate.Proxy.Fronts;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Outliers;
using Headgate.Proxy.Overrides;
using Headgate.Proxy.Probes;
using Headgate.Proxy.Telemetry;
using Headgate.Proxy.Telemetry.Logs;
using Headgate.Proxy.Tls;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Transport.Loops;
using Headgate.Proxy.Transport.Loops.Tls;
using Headgate.Proxy.Upstream;
using Headgate.Proxy.WarmUp;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy;

/// <summary>
/// Everything that serves traffic, put together: what the executable starts and stops. The configuration reaches it through a <see cref="SnapshotHolder"/>;
/// whoever compiles snapshots tells <see cref="NodeObserver"/> which nodes are in use.
/// </summary>
public sealed class DataPlane : IAsyncDisposable
{
    private readonly DeadlineWheel _deadlines = new();
    private readonly List<NodeConnections> _connections = [];
    private readonly SnapshotHolder _snapshots;
    private readonly ProxyLimits _limits;
    private readonly HostLookup _lookup;
    private readonly EndpointResolver _resolver;
    private readonly IFront _front;
    private readonly DecisionRing? _decisions;
    private readonly ExplainHeader? _explains;
    private readonly RetryMonitor _retries;

    /// <summary>Makes the data plane; nothing listens before <see cref="StartAsync"/>.</summary>
    /// <param name="snapshots">Where the configuration is found.</param>
    /// <param name="listeners">Where clients are taken.</param>
    /// <param name="certificate">Certificate and chain for clients whose server name has none of its own; null = such clients are refused.</param>
    /// <param name="limits">Limits towards clients.</param>
    /// <param name="transport">What carries the bytes.</param>
    /// <param name="version">Shown to clients in Server, as <c>Headgate/version</c>.</param>
    /// <param name="time">Source of the time.</param>
    /// <param name="loggers">Where to log.</param>
    /// <param name="resolving">How the nodes' host names are resolved; null = the defaults.</param>
    /// <param name="checksHealth">Whether upstreams' health checks act.</param>
    /// <param name="recent">Which requests are kept to be explained afterwards; null = none.</param>
    /// <param name="explaining">Who may ask by a header what is done with a request; null = nobody.</param>
    /// <param name="fallbackSni">Server name of https clients that ask for none; null = they get <paramref name="certificate"/>.</param>
    /// <param name="accessLog">Where each request has a line; null = nowhere.</param>
    public DataPlane(
        SnapshotHolder snapshots, IReadOnlyList<ProxyListener> listeners, ServerCertificate? certificate, ProxyLimits limits, TransportKind transport, string version,
        TimeProvider time, ILoggerFactory loggers, EndpointResolverOptions? resolving = null, bool checksHealth = true,
        RecentDecisionOptions? recent = null, ExplainHeaderOptions? explaining = null, string? fallbackSni = null, AccessLogOptions? accessLog = null)
    {
        _snapshots = snapshots;
        _limits = limits;

        // Only the times of refreshes hang on it: gateways that start together must not ask the name servers together.
        int seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        resolving ??= EndpointResolverOptions.Default;
        _lookup = new HostLookup(resolving.Dns, time, loggers.CreateLogger<DnsResolver>());
        _resolver = new EndpointResolver(_lookup, resolving, time, loggers.CreateLogger<EndpointResolver>(), seed);
        Health = new HealthMonitor(
            Upstreams, ProbeEngine.Over(new SocketConnector(_deadlines), time, loggers.CreateLogger<HealthMonitor>()), _resolver, limits.Heads, time,
            RandomNumberGenerator.GetInt32(int.MaxValue), loggers.CreateLogger<HealthMonitor>(), checksHealth);
        Outliers = new OutlierMonitor(Upstreams, time, RandomNumberGenerator.GetInt32(int.MaxValue), loggers.CreateLogger<OutlierMonitor>());
        SlowStart = new SlowStart(Upstreams, time, loggers.CreateLogger<SlowStart>());
        Overrides = new NodeOverrides(Upstreams, new NodeConnectionCloser(_connections), time);
        Upstreams.Listen(new OverrideEvents(loggers.CreateLogger<OverrideEvents>()));
        Explainer = new RequestExplainer(snapshots, limits);
        _decisions = recent is { Recent: > 0 } ? new DecisionRing(recent.Recent, recent.Sample, time) : null;
        _explains = explaining is null ? null : new ExplainHeader(explaining);
        AccessLog = accessLog is null ? null : new AccessLog(accessLog, Environment.ProcessorCount + 1, time, loggers.CreateLogger<AccessLog>());
        _retries = new RetryMonitor(Counters, loggers.CreateLogger<RetryMonitor>(), (ulong)RandomNumberGenerator.GetInt32(int.MaxValue) << 32);
        var context = new FrontContext(
            PipelineOver(new NodeConnections(_deadlines), _deadlines), _deadlines, Counters, limits, new HttpDate(time), Encoding.ASCII.GetBytes($"Headgate/{version}"),
            loggers.CreateLogger<DataPlane>());
        var tls = new TlsChoice(snapshots, certificate is null ? null : ForOtherNames(certificate, transport, context.Logger), fallbackSni);
        _front = transport == TransportKind.Kestrel
            ? KestrelFront.Binding(context, listeners, tls, loggers)
            : new LoopFront(context, [.. Loops(context)], listeners, tls, loggers);
    }

    /// <summary>What was counted.</summary>
    public ProxyCounters Counters { get; } = new();

    /// <summary>The access log; null when there is none.</summary>
    public AccessLog? AccessLog { get; }

    /// <summary>To be told which upstreams are served.</summary>
    public ServedUpstreams Upstreams { get; } = new();

    /// <summary>The nodes' health.</summary>
    public HealthMonitor Health { get; }

    /// <summary>Says what would be done with a request.</summary>
    public IRequestExplainer Explainer { get; }

    /// <summary>The latest requests and what was done with them; null when they are not kept.</summary>
    public IRecentDecisions? RecentDecisions => _decisions;

    /// <summary>Milliseconds of the clock that nodes' latencies are measured by.</summary>
    public static long LatencyClockMs => NodeLatency.NowMs;

    /// <summary>Outlier detection.</summary>
    public OutlierMonitor Outliers { get; }

    /// <summary>Nodes that warm up.</summary>
    public SlowStart SlowStart { get; }

    /// <summary>Operators' overrides, to be told of each, and the nodes they act on.</summary>
    public NodeOverrides Overrides { get; }

    /// <summary>To be told which nodes are in use.</summary>
    public INodeObserver NodeObserver => _resolver;

    /// <summary>The addresses bound, in the order of the listeners; known after <see cref="StartAsync"/>.</summary>
    public IReadOnlyList<Uri> Addresses => _front.Addresses;

    /// <summary>Connections to nodes that are open now, idle ones included.</summary>
    public int NodeConnectionsOpen => _connections.Sum(c => c.OpenCount);

    /// <summary>Binds the listeners and begins to serve.</summary>
    /// <exception cref="IOException">An address is in use or cannot be bound.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => _front.StartAsync(cancellationToken);

    /// <summary>
    /// Stops taking clients, closes idle connections and lets the requests under way end until <paramref name="cancellationToken"/> is cancelled; what is left then
    /// is cut off.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken) => _front.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Health.Dispose();
        Outliers.Dispose();
        SlowStart.Dispose();
        Overrides.Dispose();
        foreach (NodeConnections connections in _connections)
            await connections.DisposeAsync();
        await _front.DisposeAsync();
        await _resolver.DisposeAsync();
        await _lookup.DisposeAsync();
        _deadlines.Dispose();
        AccessLog?.Dispose();
    }

    /// <summary>A key that OpenSSL refuses on the loops may still do for .NET.</summary>
    private static TlsCertificate ForOtherNames(ServerCertificate certificate, TransportKind transport, ILogger logger)
    {
        try
        {
            return new TlsCertificate([certificate], CertificateCompiler.Protocols, null, transport == TransportKind.Loops && OpenSslLibrary.IsUsable);
        }
        catch (CryptographicException error)
        {
            LoopLog.TlsLeftToKestrel(logger, error.Message);
            return new TlsCertificate([certificate], CertificateCompiler.Protocols, null, onLoops: false);
        }
    }

    /// <summary>One loop per core the process may use, each with connections to nodes of its own.</summary>
    private IEnumerable<(EventLoop Loop, FrontContext Context)> Loops(FrontContext shared)
    {
        var secure = new SocketConnector(_deadlines);
        for (int i = 0; i < Environment.ProcessorCount; i++)
        {
            var loop = new EventLoop($"loop {i}", shared.Logger);
            var connections = new NodeConnections(new LoopConnector(loop, secure), _connections.Count);
            yield return (loop, shared with { Pipeline = PipelineOver(connections, loop.Deadlines), Deadlines = loop.Deadlines });
        }
    }

    private RequestPipeline PipelineOver(NodeConnections connections, DeadlineWheel clock)
    {
        _connections.Add(connections);
        var tries = new NodeTries(new Forwarder(connections, _limits.Heads), _resolver, clock, Counters, Health, Outliers, _retries, _connections.Count - 1);
        return new RequestPipeline(_snapshots, tries, Counters, _connections.Count - 1, _decisions, _explains, AccessLog);
    }
}
