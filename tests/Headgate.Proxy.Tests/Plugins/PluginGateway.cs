using System.Collections.Concurrent;
using System.Net;
using Headgate.Core.Config;
using Headgate.Proxy.Plugins;
using Headgate.Proxy.Telemetry.Metrics;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary>
/// A gateway with one route, <c>/*</c>, that carries the plugins under test, in front of a node that answers each request with its head as the node saw it. Clients of HTTP/1.1 and
/// HTTP/2.
/// </summary>
internal sealed class PluginGateway : IAsyncDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None })
    {
        Timeout = TimeSpan.FromSeconds(30),
    };

    private readonly ScriptedNode _node;
    private int _requests;

    private PluginGateway(GatewayUnderTest gateway, string answer, Func<ScriptedPeer, string, Task>? respond)
    {
        Gateway = gateway;
        _node = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is { } head)
            {
                Interlocked.Increment(ref _requests);
                if (head.Contains("\r\ncontent-length: ", StringComparison.OrdinalIgnoreCase) || head.Contains("\r\ntransfer-encoding: ", StringComparison.OrdinalIgnoreCase))
                    Bodies.Enqueue(await NodeReading.BodyAsync(peer, head));
                if (respond is not null)
                    await respond(peer, head);
                else
                    await peer.SendAsync($"HTTP/1.1 {answer}Content-Length: {head.Length}\r\n\r\n{(head.StartsWith("HEAD ", StringComparison.Ordinal) ? "" : head)}");
            }
        });
    }

    public GatewayUnderTest Gateway { get; }

    /// <summary>Port of the node.</summary>
    public int NodePort => _node.Port;

    /// <summary>Bodies of requests that the node has read whole.</summary>
    public ConcurrentQueue<string> Bodies { get; } = new();

    /// <summary>Connections that the node has accepted.</summary>
    public int NodeConnections => _node.Accepted;

    /// <summary>Requests that the node has seen.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <param name="plugins">Value of <c>plugins</c>.</param>
    /// <param name="answer">The node's status line behind the version, and header lines.</param>
    /// <param name="kinds">The plugins that there are; null = those that come with the gateway.</param>
    /// <param name="time">The gateway's time.</param>
    /// <param name="counting">How the <c>prometheus</c> plugin counts.</param>
    /// <param name="httpsPort">Port of HTTPS as plugins are told it.</param>
    /// <param name="limits">The gateway's limits; null = those by default.</param>
    /// <param name="respond">What the node does with a request, whose head it is given, instead of answering with it.</param>
    public static async Task<PluginGateway> StartAsync(
        string plugins, string answer = "200 OK\r\n", IReadOnlyList<PluginKind>? kinds = null, TimeProvider? time = null, int httpsPort = 0,
        Func<ScriptedPeer, string, Task>? respond = null, TrafficMetricsOptions? counting = null, ProxyLimits? limits = null)
    {
        GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(null, limits, time: time, plugins: kinds, httpsPort: httpsPort, counting: counting);
        var started = new PluginGateway(gateway, answer, respond);
        gateway.PutUpstream("u", [started._node.Port]);
        started.Put(plugins);
        return started;
    }

    /// <summary>Edits the route's plugins; served when this returns.</summary>
    public void Put(string plugins, string routeMore = "") => Gateway.Put(ResourceKind.Route, "r", $$"""{"uri":"/*","upstream_id":"u","plugins":{{plugins}}{{routeMore}}}""");

    /// <summary>Sends a GET and reads its answer whole. <paramref name="version"/>: 1 or 2.</summary>
    public Task<PluginAnswer> GetAsync(int version, string path = "/", params (string Name, string Value)[] fields) =>
        SendAsync(version, new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{Gateway.Port}{path}"), fields);

    /// <summary>Sends a request and reads its answer whole.</summary>
    public async Task<PluginAnswer> SendAsync(int version, HttpRequestMessage request, params (string Name, string Value)[] fields)
    {
        using HttpRequestMessage sent = request;
        sent.Version = new Version(version, version == 1 ? 1 : 0);
        sent.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        foreach ((string name, string value) in fields)
            sent.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        using HttpResponseMessage answer = await _client.SendAsync(sent, TestContext.Current.CancellationToken);
        string body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new PluginAnswer((int)answer.StatusCode, Lookup(answer.Headers.Concat(answer.Content.Headers)), body);
    }

    /// <summary>Sends a request and reads its answer as bytes, with its trailers.</summary>
    public Task<BodyAnswer> ReadAsync(int version, HttpMethod method, params (string Name, string Value)[] fields) => ReadAsync(version, method, "/", fields);

    /// <summary>As the other <c>ReadAsync</c>, of that path.</summary>
    public async Task<BodyAnswer> ReadAsync(int version, HttpMethod method, string path, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(method, $"http://127.0.0.1:{Gateway.Port}{path}")
        {
            Version = new Version(version, version == 1 ? 1 : 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach ((string name, string value) in fields)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        using HttpResponseMessage answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        byte[] body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return new BodyAnswer((int)answer.StatusCode, Lookup(answer.Headers.Concat(answer.Content.Headers)), body, Lookup(answer.TrailingHeaders));
    }

    private static ILookup<string, string> Lookup(IEnumerable<KeyValuePair<string, IEnumerable<string>>> fields) =>
        fields.SelectMany(field => field.Value.Select(value => (field.Key, Value: value))).ToLookup(field => field.Key, field => field.Value, StringComparer.OrdinalIgnoreCase);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Gateway.DisposeAsync();
        await _node.DisposeAsync();
    }
}
