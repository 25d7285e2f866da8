using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Routing;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Discovery;
using Headgate.Proxy.Explain;
using Headgate.Proxy.Plugins;
using Headgate.Proxy.Plugins.Loggers;
using Headgate.Proxy.Secrets;
using Headgate.Proxy.Telemetry.Logs;
using Headgate.Proxy.Telemetry.Metrics;
using Headgate.Proxy.Tls;
using Headgate.Proxy.Upstream;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>A data plane on a free port, whose configuration a test puts in directly, without a store.</summary>
internal sealed class GatewayUnderTest : IAsyncDisposable
{
    private readonly SnapshotHolder _snapshots = new();
    private readonly SnapshotCompiler _compiler;
    private readonly NodeDirectory _directory;
    private readonly PluginServices _services;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _compiling = new();
    private readonly Task _following;
    private long _revision;

    private GatewayUnderTest(ProxyLimits limits, ServerCertificate? certificate, bool https, string? fallbackSni, bool http2, ILoggerFactory loggers, bool checksHealth, TimeProvider time, RecentDecisionOptions? recent,
        ExplainHeaderOptions? explaining, IReadOnlyList<PluginKind>? plugins, int httpsPort, TrafficMetricsOptions? counting, AccessLogOptions? accessLog, DiscoveryLoop? discovery, EndpointResolverOptions? resolving)
    {
        Discovery = discovery;
        Metrics = new TrafficMetrics(counting ?? new TrafficMetricsOptions());
        Plane = new DataPlane(
            _snapshots, [new ProxyListener(new IPEndPoint(IPAddress.Loopback, 0), https, http2)], certificate, limits, Transport, "1.2.3",
            time, loggers, resolving, checksHealth: checksHealth, recent: recent, explaining: explaining, fallbackSni: fallbackSni, accessLog: accessLog);
        _directory = new NodeDirectory(time, Plane.NodeObserver);
        _services = new PluginServices(time, loggers, 0) { HttpsPort = httpsPort, Metrics = Metrics };
        _compiler = new SnapshotCompiler(
            _directory, new PluginCatalog(plugins ?? PluginKinds.All), Plane.Upstreams, overrides: Plane.Overrides, pluginCompiler: new PluginCompiler(_services), pluginMetadata: _services.Metadata,
            secrets: new SecretKeeper(new SecretKeeperOptions(), time, NullLogger<SecretKeeper>.Instance), certificateCompiler: new CertificateCompiler(Transport),
            services: discovery);
        _following = FollowServicesAsync();
    }

    /// <summary>As the executable reads it: the gate runs all tests on each transport.</summary>
    public static TransportKind Transport =>
        Enum.TryParse(Environment.GetEnvironmentVariable("HEADGATE_HEADGATE__TRANSPORT"), ignoreCase: true, out TransportKind kind) ? kind : TransportKind.Loops;

    public DataPlane Plane { get; }

    /// <summary>Where the <c>prometheus</c> plugin counts.</summary>
    public TrafficMetrics Metrics { get; }

    public int Port => Plane.Addresses[0].Port;

    public Uri Address => Plane.Addresses[0];

    /// <summary>Where plugins log requests.</summary>
    public LogShipping Logs => _services.Logs;

    /// <summary>Tries under way at the nodes of the upstream that was put first.</summary>
    public long TriesInFlight => _snapshots.Current.Upstream(0)?.Nodes.Sum(node => node.State.InFlight) ?? 0;

    /// <summary>The nodes of the upstream that was put first.</summary>
    public IReadOnlyList<NodeState> Nodes => [.. _snapshots.Current.Upstream(0)!.Nodes.Select(node => node.State)];

    public static Task<GatewayUnderTest> StartAsync(ProxyLimits? limits = null, X509Certificate2? certificate = null, RecentDecisionOptions? recent = null, AccessLogOptions? accessLog = null) =>
        StartWithAsync(certificate is null ? null : new ServerCertificate(certificate), limits, recent: recent, accessLog: accessLog);

    /// <summary>As <see cref="StartAsync"/>, with a chain.</summary>
    public static async Task<GatewayUnderTest> StartWithAsync(
        ServerCertificate? certificate, ProxyLimits? limits = null, bool http2 = true, ILoggerFactory? loggers = null, bool checksHealth = true, TimeProvider? time = null,
        RecentDecisionOptions? recent = null, ExplainHeaderOptions? explaining = null, IReadOnlyList<PluginKind>? plugins = null, int httpsPort = 0, bool https = false, string? fallbackSni = null,
        TrafficMetricsOptions? counting = null, AccessLogOptions? accessLog = null, DiscoveryLoop? discovery = null, EndpointResolverOptions? resolving = null)
    {
        var gateway = new GatewayUnderTest(
            limits ?? ProxyLimits.Default, certificate, https || certificate is not null, fallbackSni, http2, loggers ?? NullLoggerFactory.Instance, checksHealth, time ?? TimeProvider.System, recent, explaining, plugins,
            httpsPort, counting, accessLog, discovery, resolving);
        await gateway.Plane.StartAsync(TestContext.Current.CancellationToken);
        return gateway;
    }

    /// <summary>Starts a gateway whose every path leads to one upstream with these nodes; <paramref name="more"/> are further members of the upstream.</summary>
    public static async Task<GatewayUnderTest> StartForAsync(IEnumerable<int> ports, string more = "", ProxyLimits? limits = null, string routeMore = "")
    {
        GatewayUnderTest gateway = await StartAsync(limits);
        gateway.PutUpstream("u", ports, more);
        gateway.Put(ResourceKind.Route, "r", $$"""{"uri":"/*","upstream_id":"u"{{routeMore}}}""");
        return gateway;
    }

    /// <summary>What is counted of a route.</summary>
    public RouteTraffic Traffic(string route) => _compiler.RouteTraffic.Find(route)!;

    public void PutUpstream(string id, IEnumerable<int> ports, string more = "")
    {
        string nodes = string.Join(",", ports.Select(port => $$"""{"host":"127.0.0.1","port":{{port}},"weight":1}"""));
        Put(ResourceKind.Upstream, id, $$"""{"type":"roundrobin","nodes":[{{nodes}}]{{more}}}""");
    }

    /// <summary>Follows the services of registries, which is disposed of with the gateway; null = nobody does.</summary>
    public DiscoveryLoop? Discovery { get; }

    /// <summary>Stores an object (null = deletes it); it is served when this returns. A refused one fails the test.</summary>
    public void Put(ResourceKind kind, string id, string? json)
    {
        lock (_compiling)
            Compile(kind, id, json);
    }

    private void Compile(ResourceKind kind, string id, string? json)
    {
        _snapshots.Publish(_compiler.Apply(++_revision, [new ConfigChange(kind, id, json is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(json))]));
        _compiler.Rejected.ShouldBeEmpty();
    }

    private async Task FollowServicesAsync()
    {
        try
        {
            while (Discovery is not null)
            {
                await Discovery.Changes.WaitAsync(_stop.Token);
                lock (_compiling)
                    _snapshots.Publish(_compiler.ApplyServices(_revision, Discovery.Changes.Take()));
            }
        }
        catch (OperationCanceledException)
        {
            // disposed
        }
    }

    /// <summary>Sends raw bytes on a new connection, ends sending when <paramref name="finish"/>, and reads until the gateway closes.</summary>
    public async Task<string> SendRawAsync(string request, bool finish = false)
    {
        using Socket socket = await ConnectAsync();
        await socket.SendAsync(Encoding.Latin1.GetBytes(request));
        if (finish)
            socket.Shutdown(SocketShutdown.Send);
        return await ReadToEndAsync(socket);
    }

    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        return socket;
    }

    public static async Task<string> ReadToEndAsync(Socket socket)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[65_536];
        try
        {
            while (await socket.ReceiveAsync(buffer) is var count and > 0)
                text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            text.Append("<reset>");
        }

        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _stop.CancelAsync();
        await _following;
        await Plane.StopAsync(now.Token);
        await Plane.DisposeAsync();
        if (Discovery is not null)
            await Discovery.DisposeAsync();
        _stop.Dispose();
        await _services.Logs.DisposeAsync();
        _directory.Dispose();
    }
}
