using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>forward-auth</c> through the whole gateway, with a server of the test's own.</summary>
public sealed class ForwardAuthTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Allowed_TheServerSeesTheRequest_AndTheNodeItsFields(int version)
    {
        await using var server = new AuthServer("HTTP/1.1 200 OK\r\nX-User: jack\r\nX-Role: a\r\nX-Role: b\r\nX-Other: no\r\nContent-Length: 2\r\n\r\nok");
        await using PluginGateway gateway = await StartAsync(
            server, """ "request_headers":["Authorization","Content-Type"],"extra_headers":{"X-Path":"at $uri","X-Tenant":"t"},"upstream_headers":["X-User","X-Role","X-Gone"] """);
        for (int i = 0; i < 3; i++)
        {
            PluginAnswer answer = await gateway.GetAsync(
                version, "/a/b?c=d", ("Authorization", "Bearer 1"), ("X-User", "forged"), ("X-Gone", "forged"), ("X-Tenant", "forged"), ("X-Forwarded-Uri", "/forged"));
            answer.Status.ShouldBe(200);
            answer.Seen("X-User").ShouldBe(["jack"]);
            answer.Seen("X-Role").ShouldBe(["a", "b"]);
            answer.Seen("X-Gone").ShouldBeEmpty();
            answer.Seen("X-Other").ShouldBeEmpty();
            answer.Seen("X-Path").ShouldBeEmpty();
        }

        string head = server.Heads.Distinct().ShouldHaveSingleItem();
        string[] lines = [.. head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
        lines.ShouldBe(
        [
            "Authorization: Bearer 1", "GET /auth?x=y HTTP/1.1", $"Host: 127.0.0.1:{server.Port}", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Host: 127.0.0.1",
            "X-Forwarded-Method: GET", "X-Forwarded-Proto: http", "X-Forwarded-Uri: /a/b?c=d", "X-Path: at /a/b", "X-Tenant: t",
        ]);
        server.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task RequestHeaders_AllOfAName_AndThoseOfTheContent()
    {
        await using var server = new AuthServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using PluginGateway gateway = await StartAsync(server, """ "request_headers":["X-Key","content-type"],"keepalive":false """);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{gateway.Gateway.Port}/") { Content = new StringContent("body", Encoding.UTF8, "text/x") };
        (await gateway.SendAsync(1, request, ("X-Key", "1"), ("X-Key", "2"))).Status.ShouldBe(200);
        server.Heads.ShouldHaveSingleItem().ShouldContain("X-Key: 1, 2\r\n");
        server.Heads.Single().ShouldContain("content-type: text/x; charset=utf-8\r\n", Case.Insensitive);
        server.Heads.Single().ShouldContain("X-Forwarded-Method: POST\r\n");
        (await gateway.GetAsync(1)).Status.ShouldBe(200);
        server.Connections.ShouldBe(2);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    public async Task Post_TheServerAndTheNodeGetTheBody(int version, bool chunked)
    {
        await using var server = new AuthServer("HTTP/1.1 200 OK\r\nX-User: jack\r\nContent-Length: 0\r\n\r\n");
        await using PluginGateway gateway = await StartAsync(
            server, """ "request_method":"POST","request_headers":["content-encoding","content-type"],"upstream_headers":["X-User"],"extra_headers":{"Content-Language":"en"} """);
        string body = Encoding.ASCII.GetString(NodeBodies.Make(100_000));
        using var request = new HttpRequestMessage(HttpMethod.Put, $"http://127.0.0.1:{gateway.Gateway.Port}/a") { Content = new StringContent(body, Encoding.UTF8, "text/x") };
        request.Content.Headers.ContentEncoding.Add("fancy");
        request.Headers.TransferEncodingChunked = chunked && version == 1;
        (await gateway.SendAsync(version, request)).Seen("X-User").ShouldBe(["jack"]);
        gateway.Bodies.ShouldBe([body]);
        server.Bodies.ShouldBe([body]);
        string head = server.Heads.ShouldHaveSingleItem();
        head.ShouldStartWith("POST /auth?x=y HTTP/1.1\r\n");
        head.ShouldContain("X-Forwarded-Method: PUT\r\n");
        head.ShouldContain("Content-Length: 100000\r\n");
        head.ShouldContain("Content-Encoding: fancy\r\n");
        head.ShouldContain("Content-Language: en\r\n");
        head.ShouldContain("content-type: text/x; charset=utf-8\r\n", Case.Insensitive);
        head.ShouldNotContain("Transfer-Encoding");

        (await gateway.GetAsync(version)).Status.ShouldBe(200);
        server.Bodies.ShouldBe([body, ""]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Post_OfMoreThanTheLimit_Is413(int version)
    {
        await using var server = new AuthServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using PluginGateway gateway = await StartAsync(server, """ "request_method":"POST","max_req_body_size":4,"allow_degradation":true """);
        (await gateway.SendAsync(version, Post(gateway, "hello"))).Status.ShouldBe(413);
        (server.Heads.Count, gateway.Requests).ShouldBe((0, 0));
        (await gateway.SendAsync(version, Post(gateway, "hell"))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Post_BodyThatBreaksOff_AsksNobody()
    {
        await using var server = new AuthServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using PluginGateway gateway = await StartAsync(server, """ "request_method":"POST","allow_degradation":true """);
        string answer = await gateway.Gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nx\r\n");
        answer.ShouldStartWith("HTTP/1.1 400 ");
        (server.Heads.Count, gateway.Requests).ShouldBe((0, 0));
    }

    [Theory]
    [InlineData(1, 401)]
    [InlineData(2, 302)]
    [InlineData(1, 599)]
    [InlineData(2, 304)]
    public async Task Refused_TheClientGetsTheServersAnswer(int version, int status)
    {
        string body = status == 304 ? "" : "no, thanks";
        await using var server = new AuthServer(
            $"HTTP/1.1 {status} X\r\nLocation: /login\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Other: no\r\nContent-Type: text/fancy\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        await using PluginGateway gateway = await StartAsync(server, """ "client_headers":["Location","Set-Cookie","X-Absent"] """);
        PluginAnswer answer = await gateway.GetAsync(version);
        (answer.Status, answer.Body).ShouldBe((status, body));
        answer.Fields["Location"].ShouldBe(["/login"]);
        answer.Fields["Set-Cookie"].ShouldBe(["a=1", "b=2"]);
        answer.Fields["X-Other"].ShouldBeEmpty();
        if (body.Length > 0)
            answer.Fields["Content-Type"].ShouldBe(["text/plain; charset=utf-8"]);
        gateway.Requests.ShouldBe(0);

        gateway.Put($$"""{"forward-auth":{"uri":"{{server.Url}}","client_headers":["content-type"]} }""");
        PluginAnswer typed = await gateway.GetAsync(version);
        typed.Fields["Location"].ShouldBeEmpty();
        if (body.Length > 0)
            typed.Fields["Content-Type"].ShouldBe(["text/fancy"]);
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("never")]
    [InlineData("what?\r\n\r\n")]
    [InlineData("HTTP/1.1 700 X\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 403 X\r\nContent-Length: 10\r\n\r\nshort")]
    [InlineData("HTTP/1.1 403 X\r\nContent-Length: 65537\r\n\r\nlong")]
    [InlineData("HTTP/1.1 200 OK\r\nX-User: a\u0001b\r\nContent-Length: 0\r\n\r\n")]
    public async Task ServerDownHungOrGarbage_IsRefusedOrLetThrough(string script)
    {
        await using var server = new AuthServer(script.Contains("65537", StringComparison.Ordinal) ? script[..^4] + new string('x', 65537) : script);
        const string more = """ "timeout":500,"upstream_headers":["X-User"] """;
        await using PluginGateway gateway = await StartAsync(server, more + ""","status_on_error":418""");
        (await gateway.GetAsync(1)).Status.ShouldBe(418);
        (await gateway.GetAsync(2)).Status.ShouldBe(418);
        gateway.Requests.ShouldBe(0);
        gateway.Put($$"""{"forward-auth":{"uri":"{{server.Url}}",{{more}},"allow_degradation":true} }""");
        (await gateway.GetAsync(1, "/", ("X-User", "kept"))).Seen("X-User").ShouldBe(["kept"]);
    }

    [Fact]
    public async Task ServerNotThere_Is403_UntilItIs()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"forward-auth":{"uri":"http://127.0.0.1:1/"}}""");
        (await gateway.GetAsync(1)).Status.ShouldBe(403);
        gateway.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task ClientGone_TheCallIsCancelled_AndTheNodeNotAsked()
    {
        var asked = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        await using var server = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            asked.SetResult();
            await peer.WaitForEndAsync();
            ended.SetResult();
        });
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"forward-auth":{"uri":"http://127.0.0.1:{{server.Port}}/","timeout":60000,"allow_degradation":true} }""");
        using (var client = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await client.ConnectAsync("127.0.0.1", gateway.Gateway.Port, TestContext.Current.CancellationToken);
            await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            client.LingerState = new LingerOption(true, 0); // a reset: an end in order would leave it waiting for the answer
        }

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        gateway.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task ManyAtOnce_DoNotBlockTheLoops()
    {
        await using var server = new AuthServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", together: 50);
        await using PluginGateway gateway = await StartAsync(server, """ "timeout":60000 """);
        PluginAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => gateway.GetAsync(1 + (i % 2))));
        answers.ShouldAllBe(answer => answer.Status == 200);
    }

    [Theory]
    [InlineData("{}", "property \"uri\" is required")]
    [InlineData("""{"uri":"ftp://a"}""", "\"ftp://a\" is no URL; allowed: http://host:port/path, https://host:port/path")]
    [InlineData("""{"uri":"http://a","request_method":"PUT"}""", "property \"request_method\" validation failed")]
    [InlineData("""{"uri":"http://a","request_method":"POST","max_req_body_size":0}""", "property \"max_req_body_size\" validation failed: expected 0 to be at least 1")]
    [InlineData("""{"uri":"http://a","status_on_error":199}""", "property \"status_on_error\" validation failed: expected 199 to be at least 200")]
    [InlineData("""{"uri":"http://a","timeout":60001}""", "property \"timeout\" validation failed: expected 60001 to be at most 60000")]
    [InlineData("""{"uri":"http://a","ssl_verify":false}""", "ssl_verify has no effect with an http URL; allowed: without it, or an https URL")]
    [InlineData("""{"uri":"http://a","keepalive":false,"keepalive_timeout":1000}""", "keepalive_timeout has no effect with keepalive false; allowed: without it, or keepalive true")]
    [InlineData("""{"uri":"http://a","upstream_headers":["Content-Length"]}""", "Content-Length is written by the gateway itself")]
    [InlineData("""{"uri":"http://a","client_headers":["Content-Length"]}""", "Content-Length is written by the gateway itself")]
    [InlineData("""{"uri":"http://a","request_headers":["a b"]}""", "invalid field character in header")]
    [InlineData("""{"uri":"http://a","extra_headers":{}}""", "expect object to have at least 1 properties")]
    [InlineData("""{"uri":"http://a","client_header":[]}""", "additional properties forbidden, found client_header (did you mean client_headers?)")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("forward-auth", config, text);

    private static HttpRequestMessage Post(PluginGateway gateway, string body) =>
        new(HttpMethod.Post, $"http://127.0.0.1:{gateway.Gateway.Port}/") { Content = new StringContent(body) };

    private static Task<PluginGateway> StartAsync(AuthServer server, string more) => PluginGateway.StartAsync($$"""{"forward-auth":{"uri":"{{server.Url}}",{{more}} } }""");

    /// <summary>Answers every request with the same text; <c>reset</c> and <c>never</c> say what it does instead. <c>together</c>: only when so many have come.</summary>
    private sealed class AuthServer : IAsyncDisposable
    {
        private readonly ScriptedNode _node;
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _connections;

        public AuthServer(string answer, int together = 0) => _node = ScriptedNode.Start(async peer =>
        {
            Interlocked.Increment(ref _connections);
            while (await peer.ReadHeadAsync() is { } head)
            {
                Heads.Enqueue(head);
                if (head.StartsWith("POST ", StringComparison.Ordinal))
                    Bodies.Enqueue(await NodeReading.BodyAsync(peer, head));
                if (Heads.Count >= together)
                    _all.TrySetResult();
                await _all.Task.WaitAsync(peer.Stopping);
                if (answer == "reset")
                {
                    peer.Reset();
                    return;
                }

                if (answer == "never")
                    await peer.IgnoreAsync();
                await peer.SendAsync(answer);
                if (answer.EndsWith("short", StringComparison.Ordinal))
                    return;
            }
        });

        public ConcurrentQueue<string> Heads { get; } = new();

        public ConcurrentQueue<string> Bodies { get; } = new();

        public int Connections => Volatile.Read(ref _connections);

        public int Port => _node.Port;

        public string Url => $"http://127.0.0.1:{Port}/auth?x=y";

        public ValueTask DisposeAsync() => _node.DisposeAsync();
    }
}
