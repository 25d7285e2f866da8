using Headgate.Proxy.Tests.Upstream;
using System.Collections.Concurrent;
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
using Headgate.Proxy.Tests.Transport.Kestrel;
using Headgate.Proxy.Tls;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Upstream;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Fronts;

/// <summary>
/// A Kestrel front that binds nothing, with a route for every path to one node. The test accepts the connections on plain sockets, counts them as whoever accepts
/// must, and hands them over when it wants to.
/// </summary>
internal sealed class FedFront : IAsyncDisposable
{
    private readonly List<Socket> _listening = [];
    private readonly List<Task> _feeding = [];
    private readonly ProxyListener _kind;
    private readonly DeadlineWheel _deadlines = new();
    private readonly NodeConnections _connections;
    private readonly EndpointResolver _resolver;
    private readonly NodeDirectory _directory;

    private FedFront(int nodePort, ServerCertificate? certificate, ProxyLimits limits, int listeners)
    {
        _connections = new NodeConnections(_deadlines);
        _resolver = new EndpointResolver(
            new NoHosts(), EndpointResolverOptions.Default, TimeProvider.System, NullLogger<EndpointResolver>.Instance, seed: 1);
        var snapshots = new SnapshotHolder();
        _directory = new NodeDirectory(TimeProvider.System, _resolver);
        var compiler = new SnapshotCompiler(_directory, PluginCatalog.Empty);
        byte[] route = Encoding.UTF8.GetBytes($$"""{"uri":"/*","upstream":{"nodes":{"127.0.0.1:{{nodePort}}":1} } }""");
        snapshots.Publish(compiler.Apply(1, [new ConfigChange(ResourceKind.Route, "r", route)]));
        var pipeline = new RequestPipeline(snapshots, new NodeTries(new Forwarder(_connections, limits.Heads), _resolver, _deadlines, Counters), Counters);
        var context = new FrontContext(pipeline, _deadlines, Counters, limits, new HttpDate(TimeProvider.System), "Headgate/1.2.3"u8.ToArray(), NullLogger.Instance);
        for (int i = 0; i < listeners; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            socket.Listen(512);
            _listening.Add(socket);
        }

        _kind = new ProxyListener(new IPEndPoint(IPAddress.Loopback, 0), certificate is not null);
        ProxyListener[] bound = [.. _listening.Select(s => _kind with { Address = (IPEndPoint)s.LocalEndPoint! })];
        TlsCertificate? shown = certificate is null ? null : new TlsCertificate([certificate], CertificateCompiler.Protocols, null, onLoops: false);
        Front = KestrelFront.Fed(context, bound, new TlsChoice(snapshots, shown, null), NullLoggerFactory.Instance);
    }

    public KestrelFront Front { get; }

    public ProxyCounters Counters { get; } = new();

    /// <summary>What was judged by <see cref="Feed"/>, in order.</summary>
    public ConcurrentQueue<FirstBytesVerdict> Verdicts { get; } = new();

    public string Origin(int listener = 0) => Front.Addresses[listener].ToString().TrimEnd('/');

    public static async Task<FedFront> StartAsync(int nodePort, ServerCertificate? certificate = null, ProxyLimits? limits = null, int listeners = 1)
    {
        var front = new FedFront(nodePort, certificate, limits ?? ProxyLimits.Default, listeners);
        await front.Front.StartAsync(TestContext.Current.CancellationToken);
        return front;
    }

    /// <summary>Accepts one connection; it is counted.</summary>
    public async Task<Socket> AcceptAsync(int listener = 0)
    {
        Socket socket = await _listening[listener].AcceptAsync(TestContext.Current.CancellationToken);
        Counters.OnConnected();
        return socket;
    }

    /// <summary>As <see cref="AcceptAsync"/>, by the system call, with a socket that does not block.</summary>
    public async Task<Socket> AcceptDescriptorAsync()
    {
        _listening[0].Blocking = false;
        Socket? socket = null;
        await Eventually.HoldsAsync(() => (socket = NativeAccept.TryAccept(_listening[0])) is not null, "a connection");
        Counters.OnConnected();
        return socket!;
    }

    /// <summary>
    /// Accepts connections of one listener for as long as the front lives, judges their first bytes as a loop does, and hands all of them over, whatever the verdict.
    /// </summary>
    public void Feed(int listener = 0) => _feeding.Add(FeedAsync(listener));

    public async ValueTask DisposeAsync()
    {
        _listening.ForEach(s => s.Dispose());
        await Task.WhenAll(_feeding);
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await Front.StopAsync(now.Token);
        await Front.DisposeAsync();
        await _resolver.DisposeAsync();
        await _connections.DisposeAsync();
        _deadlines.Dispose();
        _directory.Dispose();
    }

    private async Task FeedAsync(int listener)
    {
        try
        {
            while (true)
            {
                Socket socket = await AcceptAsync(listener);
                Verdicts.Enqueue(await JudgeAsync(socket));
                if (Front.TryHandOver(listener, socket))
                    continue;
                socket.Dispose();
                Counters.OnDisconnected();
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The front is disposed of.
        }
    }

    private async Task<FirstBytesVerdict> JudgeAsync(Socket socket)
    {
        byte[] peeked = new byte[FirstBytes.PeekedMax(_kind)];
        FirstBytesVerdict verdict = FirstBytesVerdict.Wait;
        await Eventually.HoldsAsync(
            async () =>
            {
                int count = await socket.ReceiveAsync(peeked, SocketFlags.Peek);
                verdict = FirstBytes.Judge(_kind, peeked.AsSpan(0, count), ended: count == 0);
                return verdict != FirstBytesVerdict.Wait;
            },
            "a verdict");
        return verdict;
    }
}
