using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>What a hedged request does to its client and its nodes.</summary>
public sealed class HedgingTests : HedgingScenario
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SlowFirstNode_AnotherAnswers_NothingIsHeldAgainstTheFirst(bool http2)
    {
        const string Checks = """
            ,"checks":{"active":{"type":"tcp","healthy":{"interval":86400}},"passive":{"unhealthy":{"tcp_failures":1,"timeouts":1}}},
             "outlier_detection":{"consecutive_5xx":1,"consecutive_gateway_failure":1},"circuit_breaker":{"request_volume":1,"failure_percentage":1}
            """;
        await using GatewayUnderTest gateway = await StartAsync([Silent(), Answering("good")], WhenConnected + Checks);
        if (http2)
        {
            using var client = new Http2Client(gateway.Port);
            using HttpResponseMessage answer = await client.GetAsync("/");
            (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("good");
            answer.Headers.Contains("X-APISIX-Upstream-Status").ShouldBeFalse();
        }
        else
        {
            string answer = await gateway.SendRawAsync(Get);
            answer.ShouldStartWith("HTTP/1.1 200 ");
            answer.ShouldEndWith("\r\n\r\ngood");
            answer.Split("HTTP/1.1 ").Length.ShouldBe(2);
        }

        await Eventually.HoldsAsync(() => Abandoned == 1, "the slow node's connection was closed");
        await Eventually.HoldsAsync(() => gateway.TriesInFlight == 0, "no try is under way");
        Asked.ShouldBe(2);
        (gateway.Plane.Counters.Hedges, gateway.Plane.Counters.HedgesWon, gateway.Plane.Counters.Retries).ShouldBe((1, 1, 0));
        gateway.Plane.Counters.Tries(AttemptFailure.Overtaken).ShouldBe(1);
        gateway.Plane.Counters.Tries(AttemptFailure.None).ShouldBe(1);
        gateway.Nodes.ShouldAllBe(node => node.IsUsable);
        gateway.Nodes[0].Health.IsHealthy.ShouldBeTrue();
    }

    [Fact]
    public async Task SlowFirstNode_BehindTls_AnotherAnswers()
    {
        using var certificates = new TestCertificates();
        using X509Certificate2 certificate = certificates.Issue("a.test");
        var tls = new SslServerAuthenticationOptions { ServerCertificate = certificate };
        ScriptedNode silent = Add(ScriptedNode.StartTls(tls, async peer =>
        {
            if (await peer.ReadHeadAsync() is null)
                return; // the handshake took longer than the delay: the connection was left, and kept for later
            CountAsked();
            await peer.WaitForEndAsync();
            CountAbandoned();
        }));
        ScriptedNode good = Add(ScriptedNode.StartTls(tls, peer => peer.AnswerAllAsync("good")));
        await using GatewayUnderTest gateway = await StartAsync([silent, good], "\"hedging_policy\":{\"hedging_delay\":0.2},\"scheme\":\"https\"");
        for (int i = 0; i < 4; i++)
            (await gateway.SendRawAsync(Get)).ShouldEndWith("\r\n\r\ngood");
        gateway.Plane.Counters.HedgesWon.ShouldBeGreaterThan(0);
        await Eventually.HoldsAsync(() => Abandoned == Asked, "the slow connections were closed");
        await Eventually.HoldsAsync(() => gateway.TriesInFlight == 0, "no try is under way");
    }

    [Fact]
    public async Task FastNodes_OneRequestEach()
    {
        await using GatewayUnderTest gateway = await StartAsync([Answering("a"), Answering("b")], Never);
        (await ClosedLoop.RunAsync(gateway, 4, 200)).ShouldBe([new(200, 200)]);
        Asked.ShouldBe(200);
        gateway.Plane.Counters.Hedges.ShouldBe(0);
        Nodes.Sum(node => node.Accepted).ShouldBeLessThanOrEqualTo(8); // connections were kept
    }

    [Theory]
    [InlineData("POST", "", "", "", 1)]
    [InlineData("LOCK", "", "", "", 1)]
    [InlineData("PUT", "Content-Length: 4\r\n", "body", "", 1)] // only one node can be given it as it comes
    [InlineData("GET", "", "", "", 2)]
    [InlineData("DELETE", "", "", "", 2)]
    [InlineData("POST", "", "", ",\"retry_non_idempotent\":true", 2)]
    public async Task Requests_OnlyThoseThatMayBeRepeatedAndHaveNoBody(string method, string field, string body, string more, int asked)
    {
        await using GatewayUnderTest gateway = await StartAsync([Answering("a", delayMs: 200), Answering("b")], Soon + more);
        string answer = await gateway.SendRawAsync($"{method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{field}\r\n{body}");
        answer.ShouldEndWith(asked == 1 ? "\r\n\r\na" : "\r\n\r\nb");
        Asked.ShouldBe(asked);
    }

    [Fact]
    public async Task AllFail_OneAnswer_AsAfterRetries()
    {
        await using GatewayUnderTest gateway = await StartAsync([Silent(), Silent()], Soon + ",\"retries\":1,\"timeout\":{\"connect\":5,\"send\":5,\"read\":0.2}");
        string answer = await gateway.SendRawAsync(Get);
        answer.ShouldStartWith("HTTP/1.1 504 ");
        answer.ShouldContain("X-APISIX-Upstream-Status: 504, 504\r\n");
        answer.Split("HTTP/1.1 ").Length.ShouldBe(2);
        Asked.ShouldBe(2); // the hedge was the one retry
        gateway.Plane.Counters.Tries(AttemptFailure.ReadTimeout).ShouldBe(2);
        gateway.TriesInFlight.ShouldBe(0);
    }

    [Fact]
    public async Task AllFail_RetriesLeft_AreMade()
    {
        await using GatewayUnderTest gateway = await StartAsync([Silent(), Silent(), Answering("c")], Soon + ",\"per_try_timeout\":0.2");
        (await gateway.SendRawAsync(Get)).ShouldEndWith("\r\n\r\nc");
        Asked.ShouldBe(3);
        (gateway.Plane.Counters.Hedges, gateway.Plane.Counters.Retries).ShouldBe((1, 1));
    }

    [Fact]
    public async Task MaxAttempts_Three_AsksTheThirdAfterAnotherDelay()
    {
        await using GatewayUnderTest gateway = await StartAsync([Silent(), Silent(), Answering("c"), Answering("c")], "\"hedging_policy\":{\"hedging_delay\":0.5,\"max_attempts\":3}");
        (await gateway.SendRawAsync(Get)).ShouldEndWith("\r\n\r\nc");
        await Eventually.HoldsAsync(() => Abandoned == 2, "both connections were closed");
        Asked.ShouldBe(3);
    }

    [Fact]
    public async Task MaxAttempts_MoreThanNodes_EachIsAskedOnce()
    {
        await using GatewayUnderTest gateway = await StartAsync([Answering("a", delayMs: 200), Silent()], "\"retries\":4,\"hedging_policy\":{\"hedging_delay\":0.02,\"max_attempts\":5}");
        (await gateway.SendRawAsync(Get)).ShouldEndWith("\r\n\r\na");
        Asked.ShouldBe(2);
        gateway.Plane.Counters.HedgesWon.ShouldBe(0);
    }

    [Fact]
    public async Task ClientGone_WhileTwoAreAsked_EndsBoth()
    {
        await using GatewayUnderTest gateway = await StartAsync([Silent(), Silent()], WhenConnected);
        using (Socket socket = await gateway.ConnectAsync())
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(Get));
            await Eventually.HoldsAsync(() => Asked == 2, "both are asked");
            socket.LingerState = new LingerOption(true, 0);
        }

        await Eventually.HoldsAsync(() => Abandoned == 2, "both connections were closed");
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ClientsGone == 1, "the request ended with its client");
        await Eventually.HoldsAsync(() => gateway.TriesInFlight == 0, "no try is under way");
        gateway.Plane.Counters.Tries(AttemptFailure.ClientFailed).ShouldBe(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LargeAnswer_HeadOfTheOtherComesMeanwhile_IsNotMixedIn(bool http2)
    {
        const int Length = 16 * 1024 * 1024;
        var streams = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ScriptedNode late = Add(ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await streams.Task;
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nLATE");
        }));
        ScriptedNode large = Add(ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Length}\r\n\r\n");
            byte[] run = new byte[65_536];
            Array.Fill(run, (byte)'x');
            for (int sent = 0; sent < Length; sent += run.Length)
            {
                await peer.SendAsync(run);
            }
        }));
        await using GatewayUnderTest gateway = await StartAsync([late, large], Soon);
        byte[] body;
        if (http2)
        {
            using var client = new Http2Client(gateway.Port);
            using HttpResponseMessage answer = await client.GetHeadAsync("/");
            streams.SetResult(); // the client has the head: which answer it gets is decided
            body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        }
        else
        {
            using Socket socket = await gateway.ConnectAsync();
            await socket.SendAsync(Encoding.Latin1.GetBytes(Get));
            byte[] first = new byte[1];
            (await socket.ReceiveAsync(first)).ShouldBe(1);
            streams.SetResult();
            string answer = "H" + await GatewayUnderTest.ReadToEndAsync(socket);
            body = Encoding.Latin1.GetBytes(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        }

        body.Length.ShouldBe(Length);
        body.AsSpan().IndexOfAnyExcept((byte)'x').ShouldBe(-1);
    }
}
