using System.Net.Sockets;
using System.Text;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>What passes through, and how it looks on the other side.</summary>
public sealed class ForwardingTests
{
    [Fact]
    public async Task Get_KeepAlive_PassesAnswerAndKeepsBothConnections()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("hello");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        string answer = await gateway.SendRawAsync("GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\nGET /d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        answer.Split("hello").Length.ShouldBe(3);
        answer.ShouldStartWith("HTTP/1.1 200 OK\r\n");
        answer.ShouldContain("Server: Headgate/1.2.3\r\n");
        node.Accepted.ShouldBe(1);
    }

    [Fact]
    public async Task Get_Head_ShowsNodeWhatApisixShows()
    {
        string? head = null;
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            head = await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 204 No Content\r\n\r\n");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        await gateway.SendRawAsync(
            "GET /p%20q?x=1 HTTP/1.1\r\nHost: Shop.test:8080\r\nX-Forwarded-For: 10.1.2.3\r\nX-Forwarded-Proto: https\r\nX-Real-IP: 6.6.6.6\r\n"
            + "Connection: close, X-Hop\r\nX-Hop: 1\r\nX-Keep: 2\r\nUpgrade: h2c\r\n\r\n");
        head.ShouldNotBeNull();
        head.ShouldStartWith("GET /p%20q?x=1 HTTP/1.1\r\n");
        string[] lines = head.ToLowerInvariant().Split("\r\n");
        lines.ShouldContain("host: shop.test:8080");
        lines.ShouldContain("x-real-ip: 127.0.0.1");
        lines.ShouldContain("x-forwarded-for: 10.1.2.3, 127.0.0.1");
        lines.ShouldContain("x-forwarded-proto: http");
        lines.ShouldContain("x-forwarded-host: shop.test");
        lines.ShouldContain("x-forwarded-port: 8080");
        lines.ShouldContain("x-keep: 2");
        lines.ShouldNotContain(line => line.StartsWith("x-hop") || line.StartsWith("upgrade") || line == "connection: close, x-hop" || line.Contains("6.6.6.6"));
    }

    [Theory]
    [InlineData("""{"pass_host":"node"}""", "127.0.0.1:")]
    [InlineData("""{"pass_host":"rewrite","upstream_host":"inner.test"}""", "inner.test")]
    [InlineData("""{"pass_host":"pass"}""", "client.test")]
    public async Task PassHost_EachMode_SetsHost(string more, string expected)
    {
        string? head = null;
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            head = await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 204 No Content\r\n\r\n");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], "," + more.Trim('{', '}'));
        await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: client.test\r\nConnection: close\r\n\r\n");
        string host = head!.Split("\r\n").Single(line => line.StartsWith("Host: ", StringComparison.OrdinalIgnoreCase))[6..];
        host.ShouldBe(expected.EndsWith(':') ? expected + node.Port : expected);
    }

    [Theory]
    [InlineData("Content-Length: 11\r\n\r\nhello world")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n")]
    public async Task Post_Body_ReachesNodeWhole(string rest)
    {
        string? body = null;
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            string head = (await peer.ReadHeadAsync())!;
            body = await NodeReading.BodyAsync(peer, head);
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        string answer = await gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + rest);
        answer.ShouldEndWith("\r\n\r\nok");
        body.ShouldBe("hello world");
    }

    [Fact]
    public async Task Chunked_Trailers_PassBothWays()
    {
        string? received = null;
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            received = Encoding.Latin1.GetString(await peer.ReadBytesAsync("2\r\nab\r\n0\r\nX-Sum: 1\r\n\r\n".Length));
            await peer.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n\r\n3\r\nxyz\r\n0\r\nX-End: 2\r\n\r\n");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        string answer = await gateway.SendRawAsync("PUT / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nab\r\n0\r\nX-Sum: 1\r\n\r\n");
        received.ShouldBe("2\r\nab\r\n0\r\nX-Sum: 1\r\n\r\n");
        answer.ShouldEndWith("3\r\nxyz\r\n0\r\nX-End: 2\r\n\r\n");
    }

    [Theory]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", "Content-Length: 1000\r\n")]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n", "304")]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\n\r\n", "204")]
    public async Task AnswerWithoutBody_KeepsConnectionUsable(string method, string answer, string expected)
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is not null)
                await peer.SendAsync(answer);
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        string request = $"{method} / HTTP/1.1\r\nHost: x\r\n";
        string got = await gateway.SendRawAsync($"{request}\r\n{request}Connection: close\r\n\r\n");
        got.Split("HTTP/1.1 ").Length.ShouldBe(3);
        got.ShouldContain(expected);
        got.ShouldEndWith("\r\n\r\n");
        node.Accepted.ShouldBe(1);
    }

    [Fact]
    public async Task Http10Client_ChunkedAnswer_IsUnframedAndClosed()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        string answer = await gateway.SendRawAsync("GET / HTTP/1.0\r\nHost: x\r\n\r\n");
        answer.ShouldEndWith("\r\n\r\nabcde");
        answer.ShouldNotContain("chunked");
    }

    [Fact]
    public async Task AnswerUntilClose_BecomesChunked()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\n\r\nuntil the end");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        string answer = await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        answer.ShouldContain("Transfer-Encoding: chunked");
        answer.ShouldEndWith("until the end\r\n0\r\n\r\n");
    }

    [Fact]
    public async Task ExpectContinue_ClientWaits_GetsContinueThenAnswer()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            string head = (await peer.ReadHeadAsync())!;
            await NodeReading.BodyAsync(peer, head);
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        using Socket client = await gateway.ConnectAsync();
        await client.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"u8.ToArray());
        byte[] buffer = new byte[100];
        int count = await client.ReceiveAsync(buffer);
        Encoding.Latin1.GetString(buffer, 0, count).ShouldBe("HTTP/1.1 100 Continue\r\n\r\n");
        await client.SendAsync("abc"u8.ToArray());
        (await GatewayUnderTest.ReadToEndAsync(client)).ShouldEndWith("\r\n\r\nok");
    }

    [Fact]
    public async Task EarlyAnswer_BeforeBodyIsRead_ReachesClient()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        using Socket client = await gateway.ConnectAsync();
        await client.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nsome"u8.ToArray());
        string answer = await GatewayUnderTest.ReadToEndAsync(client);
        answer.ShouldStartWith("HTTP/1.1 413 ");
        answer.ShouldContain("big");
        answer.ShouldContain("Connection: close");
    }

    [Fact]
    public async Task HalfClosedClient_StillGetsItsAnswer()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("late");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        (await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n", finish: true)).ShouldEndWith("\r\n\r\nlate");
    }

    [Fact]
    public async Task AbortedClient_WhileNodeWorks_EndsTheTry()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            asked.SetResult();
            try
            {
                await peer.ReadHeadAsync(); // ends when the gateway gives the connection up
            }
            finally
            {
                closed.SetResult();
            }
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        Socket client = await gateway.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10));
        client.LingerState = new LingerOption(true, 0);
        client.Dispose();
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ClientsGone == 1, "one client gone");
    }
}
