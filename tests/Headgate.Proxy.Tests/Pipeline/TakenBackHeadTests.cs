using System.Net.Sockets;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>A node that dies right behind the head of its answer: on the loops that head has not gone out yet, because it waits for its short body.</summary>
public sealed class TakenBackHeadTests
{
    private const int TcpCork = 3;
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    [Theory]
    [InlineData("", 200)]
    [InlineData(",\"retries\":0", 502)]
    public async Task NodeEndsBehindItsHead_IsAsIfItHadNotAnswered(string more, int status)
    {
        await using ScriptedNode dying = ScriptedNode.Start(DieBehindHeadAsync);
        await using ScriptedNode good = ScriptedNode.StartAnswering("good");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([dying.Port, good.Port], more);
        string answer = await gateway.SendRawAsync(Get);
        if (GatewayUnderTest.Transport != TransportKind.Loops)
        {
            answer.ShouldStartWith("HTTP/1.1 201 Begun\r\n"); // nothing is put off there
            return;
        }

        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        answer.ShouldNotContain("Begun");
        if (status == 502)
            answer.ShouldContain("X-APISIX-Upstream-Status: 502\r\n");
    }

    [Fact]
    public async Task NodeEndsWithinItsBody_BreaksTheAnswerOff()
    {
        await using ScriptedNode dying = ScriptedNode.Start(async peer =>
        {
            Cork(peer);
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 201 Begun\r\nContent-Length: 5\r\n\r\nhe");
            peer.CloseSend();
        });
        await using ScriptedNode good = ScriptedNode.StartAnswering("good");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([dying.Port, good.Port]);
        string answer = await gateway.SendRawAsync(Get);
        answer.ShouldStartWith("HTTP/1.1 201 Begun\r\n");
        answer.ShouldEndWith("he<reset>");
    }

    [Fact]
    public async Task ConnectionAfterATakenBackHead_ServesFurtherRequests()
    {
        await using ScriptedNode dying = ScriptedNode.Start(DieBehindHeadAsync);
        await using ScriptedNode good = ScriptedNode.StartAnswering("good");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([dying.Port, good.Port], ",\"retry_budget\":{\"min_retry_concurrency\":1000}");
        if (GatewayUnderTest.Transport == TransportKind.Loops)
            (await ClosedLoop.RunAsync(gateway, 2, 100)).ShouldBe([new(200, 100)]);
    }

    /// <summary>Head and end of the stream in one segment, so that the gateway finds both at once.</summary>
    private static async Task DieBehindHeadAsync(ScriptedPeer peer)
    {
        Cork(peer);
        await peer.ReadHeadAsync();
        await peer.SendAsync("HTTP/1.1 201 Begun\r\nContent-Length: 5\r\n\r\n");
        peer.CloseSend();
    }

    private static void Cork(ScriptedPeer peer) => peer.Socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, TcpCork, BitConverter.GetBytes(1));
}
