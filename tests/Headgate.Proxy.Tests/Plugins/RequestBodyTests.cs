using System.Net.Sockets;
using System.Text;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary>Plugins that read bodies of requests, through the whole gateway.</summary>
public sealed class RequestBodyTests
{
    private const string Head = "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";

    private readonly BodyReadingKind _kind = new();

    [Theory]
    [InlineData(1, 0, false)]
    [InlineData(1, 5, false)]
    [InlineData(1, 5, true)]
    [InlineData(2, 5, false)]
    [InlineData(2, 5, true)]
    [InlineData(1, 300_000, false)]
    [InlineData(1, 300_000, true)]
    [InlineData(2, 300_000, false)]
    [InlineData(2, 300_000, true)]
    public async Task ReadWhole_PluginAndNodeHaveTheSame(int version, int length, bool chunked)
    {
        string body = Encoding.ASCII.GetString(NodeBodies.Make(length));
        await using PluginGateway gateway = await StartAsync("""{"max":300000,"taps":true}""");
        for (int i = 0; i < 2; i++)
            (await gateway.SendAsync(version, Post(gateway, body, chunked))).Status.ShouldBe(200);
        _kind.Whole.ShouldBe([body, body]);
        _kind.Passed.ShouldBe([body, body]);
        gateway.Bodies.ShouldBe([body, body]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task NoBody_IsWholeAtOnce(int version)
    {
        await using PluginGateway gateway = await StartAsync("""{"max":1,"taps":true}""");
        (await gateway.GetAsync(version)).Status.ShouldBe(200);
        _kind.Whole.ShouldBe([""]);
        _kind.Passed.ShouldBe([""]);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public async Task LargerThanAsked_IsThePluginsToDecide(int version, bool chunked)
    {
        string body = Encoding.ASCII.GetString(NodeBodies.Make(200_001));
        await using PluginGateway gateway = await StartAsync("""{"max":200000}""");
        (await gateway.SendAsync(version, Post(gateway, body, chunked))).Status.ShouldBe(413);
        gateway.Requests.ShouldBe(0);

        gateway.Put("""{"body":{"max":200000,"passes":true,"taps":true}}""");
        (await gateway.SendAsync(version, Post(gateway, body, chunked))).Status.ShouldBe(200);
        gateway.Bodies.ShouldBe([body]);
        _kind.Passed.ShouldBe([body]);
        _kind.Whole.ShouldBe(["too large", "too large"]);
    }

    [Fact]
    public async Task TwoPlugins_ReadTheSameBody_EachWithItsBound()
    {
        var second = new BodyReadingKind("second", 50);
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"body":{"max":3,"passes":true},"second":{"max":10,"taps":true}}""", kinds: [_kind, second]);
        foreach (bool chunked in (bool[])[false, true])
            (await gateway.SendAsync(1, Post(gateway, "hello", chunked))).Status.ShouldBe(200);
        _kind.Whole.ShouldBe(["too large", "too large"]);
        second.Whole.ShouldBe(["hello", "hello"]);
        second.Passed.ShouldBe(["hello", "hello"]);
        gateway.Bodies.ShouldBe(["hello", "hello"]);
    }

    [Theory]
    [InlineData("""{"max":100}""", true)]
    [InlineData("""{"max":4}""", false)]
    public async Task ClientThatWaitsToBeAsked_IsAsked_UnlessItsBodyIsRefused(string config, bool isAsked)
    {
        await using PluginGateway gateway = await StartAsync(config);
        using Socket client = await gateway.Gateway.ConnectAsync();
        await client.SendAsync(Encoding.ASCII.GetBytes(Head + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"));
        if (isAsked)
        {
            byte[] asked = new byte[100];
            Encoding.ASCII.GetString(asked, 0, await client.ReceiveAsync(asked)).ShouldBe("HTTP/1.1 100 Continue\r\n\r\n");
            await client.SendAsync("hello"u8.ToArray());
        }

        string answer = await GatewayUnderTest.ReadToEndAsync(client);
        answer.ShouldStartWith(isAsked ? "HTTP/1.1 200 " : "HTTP/1.1 413 ");
        answer.ShouldNotContain("100 Continue");
        gateway.Bodies.ShouldBe(isAsked ? ["hello"] : []);
    }

    [Theory]
    [InlineData("Content-Length: 10\r\n\r\nhello", "broken 499", "")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "broken 499", "")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nx\r\n", "broken 400", "HTTP/1.1 400 ")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n40\r\n", "broken 499", "")]
    public async Task ClientBreaksOff_NoNodeIsAsked(string rest, string what, string answer)
    {
        await using PluginGateway gateway = await StartAsync("""{"max":100,"taps":true}""");
        (await gateway.Gateway.SendRawAsync(Head + rest, finish: true)).ShouldStartWith(answer);
        await Eventually.HoldsAsync(() => !_kind.Passed.IsEmpty, "the request has ended");
        _kind.Whole.ShouldBe([what]);
        _kind.Passed.ShouldBe(["hello..."]);
        gateway.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task ClientOfHttp2BreaksOff_NoNodeIsAsked()
    {
        await using PluginGateway gateway = await StartAsync("""{"max":100}""");
        HttpRequestMessage request = Post(gateway, "", chunked: false);
        request.Content = new StreamContent(new BrokenStream("hello"u8.ToArray()));
        await Should.ThrowAsync<Exception>(() => gateway.SendAsync(2, request));
        await Eventually.HoldsAsync(() => !_kind.Whole.IsEmpty, "the request has ended");
        _kind.Whole.ShouldBe(["broken 499"]);
        gateway.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task SlowClient_IsGivenUp()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """{"body":{"max":100}}""", kinds: [_kind], limits: ProxyLimits.Default with { BodyTimeout = TimeSpan.FromMilliseconds(200) });
        using Socket client = await gateway.Gateway.ConnectAsync();
        await client.SendAsync(Encoding.ASCII.GetBytes(Head + "Content-Length: 10\r\n\r\nhello"));
        (await GatewayUnderTest.ReadToEndAsync(client)).ShouldNotContain("200 OK");
        await Eventually.HoldsAsync(() => !_kind.Whole.IsEmpty, "the request has ended");
        _kind.Whole.ShouldBe(["broken 499"]);
        gateway.Requests.ShouldBe(0);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public async Task LargerThanTheGatewayTakes_Is413(int version, bool chunked)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"body":{"max":100}}""", kinds: [_kind], limits: ProxyLimits.Default with { BodyBytesMax = 4 });
        (await gateway.SendAsync(version, Post(gateway, "hello", chunked))).Status.ShouldBe(413);
        _kind.Whole.ShouldBe(["broken 413"]);
        gateway.Requests.ShouldBe(0);
    }

    [Theory]
    [InlineData("PUT", false, 200, 2)]
    [InlineData("PUT", true, 200, 2)]
    [InlineData("POST", false, 502, 1)]
    public async Task RetryOfABodyThatWasReadWhole_IsSentFromMemory_HoweverLong(string method, bool chunked, int status, int tries)
    {
        string body = Encoding.ASCII.GetString(NodeBodies.Make(100_000)); // above what an upstream keeps by default
        var seen = new List<string>();
        await using ScriptedNode dying = Node("");
        await using ScriptedNode good = Node("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using PluginGateway gateway = await StartAsync("""{"max":100000,"taps":true}""");
        gateway.Gateway.PutUpstream("u", [dying.Port, good.Port], ""","retries":1""");
        HttpRequestMessage request = Post(gateway, body, chunked);
        request.Method = new HttpMethod(method);
        (await gateway.SendAsync(1, request)).Status.ShouldBe(status);
        seen.ShouldBe(Enumerable.Repeat(body, tries));
        _kind.Passed.ShouldBe([body]);

        ScriptedNode Node(string answer) => ScriptedNode.Start(async peer =>
        {
            string head = (await peer.ReadHeadAsync())!;
            string read = await NodeReading.BodyAsync(peer, head);
            lock (seen)
                seen.Add(read);
            if (answer.Length > 0)
                await peer.SendAsync(answer);
        });
    }

    [Fact]
    public async Task Tap_DoesNotHoldTheBodyUp()
    {
        var begun = new TaskCompletionSource();
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.ReadBytesAsync(5);
            begun.SetResult();
            await peer.ReadBytesAsync(5);
            await peer.AnswerAsync("ok");
        });
        await using PluginGateway gateway = await StartAsync("""{"taps":true}""");
        gateway.Gateway.PutUpstream("u", [node.Port]);
        using Socket client = await gateway.Gateway.ConnectAsync();
        await client.SendAsync(Encoding.ASCII.GetBytes(Head + "Content-Length: 10\r\n\r\nhello"));
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await client.SendAsync("again"u8.ToArray());
        (await GatewayUnderTest.ReadToEndAsync(client)).ShouldStartWith("HTTP/1.1 200 ");
        _kind.Passed.ShouldBe(["helloagain"]);
    }

    [Fact]
    public async Task Tap_OfABodyThatIsSentTwice_SeesItOnce()
    {
        await using ScriptedNode dying = ScriptedNode.Start(async peer => await NodeReading.BodyAsync(peer, (await peer.ReadHeadAsync())!));
        await using PluginGateway gateway = await StartAsync("""{"taps":true}""");
        gateway.Gateway.PutUpstream("u", [dying.Port, gateway.NodePort]);
        for (int i = 0; i < 2; i++) // one of them begins at the dying one
        {
            HttpRequestMessage request = Post(gateway, "hello", chunked: true);
            request.Method = HttpMethod.Put;
            (await gateway.SendAsync(1, request)).Status.ShouldBe(200);
        }

        _kind.Passed.ShouldBe(["hello", "hello"]);
    }

    [Fact]
    public async Task Tap_ThatFails_FailsNothing()
    {
        await using PluginGateway gateway = await StartAsync("""{"taps":true,"fails":true}""");
        (await gateway.SendAsync(1, Post(gateway, "hello", chunked: false))).Status.ShouldBe(200);
        gateway.Bodies.ShouldBe(["hello"]);
        _kind.Passed.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"max":100}""")]
    [InlineData("""{"taps":true}""")]
    public async Task Trailers_ReachTheNode(string config)
    {
        string? rest = null;
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            const string expected = "5\r\nhello\r\n0\r\nX-Sum: 7\r\n\r\n";
            rest = Encoding.ASCII.GetString(await peer.ReadBytesAsync(expected.Length));
            await peer.AnswerAsync("ok");
        });
        await using PluginGateway gateway = await StartAsync(config);
        gateway.Gateway.PutUpstream("u", [node.Port]);
        (await gateway.Gateway.SendRawAsync(Head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 7\r\n\r\n")).ShouldStartWith("HTTP/1.1 200 ");
        rest.ShouldBe("5\r\nhello\r\n0\r\nX-Sum: 7\r\n\r\n");
        _kind.Whole.Concat(_kind.Passed).ShouldBe(["hello"]);
    }

    [Fact]
    public async Task WhatFollowsOnTheConnection_IsTheNextRequest()
    {
        await using PluginGateway gateway = await StartAsync("""{"max":100}""");
        string first = Head.Replace("Connection: close\r\n", "", StringComparison.Ordinal) + "Content-Length: 5\r\n\r\nhello";
        string answers = await gateway.Gateway.SendRawAsync(first + Head + "Content-Length: 5\r\n\r\nagain");
        answers.Split("HTTP/1.1 200 OK").Length.ShouldBe(3);
        _kind.Whole.ShouldBe(["hello", "again"]);
        gateway.Bodies.ShouldBe(["hello", "again"]);
    }

    private Task<PluginGateway> StartAsync(string config) => PluginGateway.StartAsync($$"""{"body":{{config}}}""", kinds: [_kind]);

    private static HttpRequestMessage Post(PluginGateway gateway, string body, bool chunked)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(body);
        var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{gateway.Gateway.Port}/")
        {
            Content = chunked ? new StreamContent(new UnknownLength(bytes)) : new ByteArrayContent(bytes),
        };
        return request;
    }

    /// <summary>A stream that does not say how long it is.</summary>
    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }

    /// <summary>A stream that fails behind its bytes.</summary>
    private sealed class BrokenStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("it breaks off");
    }
}
