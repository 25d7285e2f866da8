using Headgate.Proxy.Tests.Upstream;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Fronts;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Telemetry;
using Headgate.Proxy.Tests.Configuration;
using Headgate.Proxy.Tls;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Transport.Loops;
using Headgate.Proxy.Upstream;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Fronts;

/// <summary>A front of event loops with a route for every path to one node, whose loops a test can look into.</summary>
internal sealed class LoopFrontUnderTest : IAsyncDisposable
{
    private readonly DeadlineWheel _deadlines = new();
    private readonly List<NodeConnections> _connections = [];
    private readonly EndpointResolver _resolver;
    private readonly NodeDirectory _directory;
    private readonly List<EventLoop> _loops = [];

    public LoopFrontUnderTest(int nodePort, int loops, ProxyLimits? limits = null, params IPEndPoint[] addresses)
    {
        limits ??= ProxyLimits.Default;
        _resolver = new EndpointResolver(
            new NoHosts(), EndpointResolverOptions.Default, TimeProvider.System, NullLogger<EndpointResolver>.Instance, seed: 1);
        var snapshots = new SnapshotHolder();
        _directory = new NodeDirectory(TimeProvider.System, _resolver);
        byte[] route = Encoding.UTF8.GetBytes($$"""{"uri":"/*","enable_websocket":true,"upstream":{"nodes":{"127.0.0.1:{{nodePort}}":1} } }""");
        snapshots.Publish(new SnapshotCompiler(_directory, PluginCatalog.Empty).Apply(1, [new ConfigChange(ResourceKind.Route, "r", route)]));
        List<(EventLoop, FrontContext)> each = [];
        FrontContext context = null!;
        for (int i = 0; i < loops; i++)
        {
            var loop = new EventLoop($"loop {i}", Log);
            var connections = new NodeConnections(new LoopConnector(loop, new SocketConnector(_deadlines)), i);
            var pipeline = new RequestPipeline(snapshots, new NodeTries(new Forwarder(connections, limits.Heads), _resolver, loop.Deadlines, Counters), Counters);
            context = new FrontContext(pipeline, loop.Deadlines, Counters, limits, new HttpDate(TimeProvider.System), "Headgate/1.2.3"u8.ToArray(), Log);
            _loops.Add(loop);
            _connections.Add(connections);
            each.Add((loop, context));
        }

        IPEndPoint[] listening = addresses.Length > 0 ? addresses : [new IPEndPoint(IPAddress.Loopback, 0)];
        Front = new LoopFront(context with { Deadlines = _deadlines }, each, [.. listening.Select(a => new ProxyListener(a, Https: false))], new TlsChoice(snapshots, null, null), NullLoggerFactory.Instance);
    }

    public LoopFront Front { get; }

    public ProxyCounters Counters { get; } = new();

    public WrittenLog Log { get; } = new();

    public int Port => Front.Addresses[0].Port;

    public static async Task<LoopFrontUnderTest> StartAsync(int nodePort, int loops = 2, ProxyLimits? limits = null)
    {
        var front = new LoopFrontUnderTest(nodePort, loops, limits);
        await front.Front.StartAsync(TestContext.Current.CancellationToken);
        return front;
    }

    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        return socket;
    }

    /// <summary>The ports of the clients on each loop.</summary>
    public async Task<int[][]> ClientsAsync() => await Task.WhenAll(_loops.Select(loop =>
    {
        var asked = new TaskCompletionSource<int[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(
            _ => asked.SetResult([.. loop.Targets.OfType<LoopConnection>().Where(c => c.Socket.LocalAddress?.Port == Port).Select(RemotePort)]), null);
        return asked.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }));

    public async Task StopNowAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await Front.StopAsync(now.Token).WaitAsync(TimeSpan.FromSeconds(20));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (NodeConnections connections in _connections)
            await connections.DisposeAsync();
        await Front.DisposeAsync();
        await _resolver.DisposeAsync();
        _deadlines.Dispose();
        _directory.Dispose();
    }

    private static int RemotePort(LoopConnection connection)
    {
        using var socket = new Socket(new SafeSocketHandle(connection.Socket.Fd, ownsHandle: false));
        return ((IPEndPoint)socket.RemoteEndPoint!).Port;
    }
}
