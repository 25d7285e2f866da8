using System.Net.Sockets;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>Request bodies that are too large, or that nobody needs any more.</summary>
public sealed class UnwantedBodyTests
{
    private const long Length = 4_000_000_000;

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    private static CancellationToken Bound => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Content-Length: 101\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n40\r\n0123456789012345678901234567890123456789012345678901234567890123\r\n40\r\n0123456789012345678901234567890123456789012345678901234567890123\r\n")]
    public async Task BodyAboveLimit_Is413(string rest)
    {
        await using ScriptedNode node = ScriptedNode.Start(peer => peer.WaitForEndAsync());
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync(
            [node.Port], limits: new ProxyLimits { BodyBytesMax = 100, LingerTimeout = Short });
        string answer = await gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: x\r\n" + rest);
        answer.ShouldStartWith("HTTP/1.1 413 ");
        answer.ShouldContain("Connection: close\r\n");
        answer.ShouldContain("error_msg");
    }

    [Fact]
    public async Task SmallUnwantedBody_DoesNotCostTheConnection()
    {
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync();
        using var client = new RawClient(await gateway.ConnectAsync());
        for (int i = 0; i < 3; i++)
        {
            (await client.AskAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"u8.ToArray())).Status.ShouldBe(404);
            (await client.AskAsync("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"u8.ToArray())).Status.ShouldBe(404);
        }

        gateway.Plane.Counters.ConnectionsAccepted.ShouldBe(1);
    }

    [Fact]
    public async Task UnwantedBodyThatHasNotArrived_AnswerClosesTheConnection()
    {
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync(new ProxyLimits { LingerTimeout = Short });
        string answer = await gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nhello");
        answer.ShouldStartWith("HTTP/1.1 404 ");
        answer.ShouldContain("Connection: close\r\n");
    }

    [Fact]
    public async Task ExpectContinue_NoRoute_Is404AtOnceWithout100()
    {
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync(new ProxyLimits { LingerTimeout = Short });
        string answer = await gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 404 ");
        answer.ShouldContain("Connection: close\r\n");
        answer.ShouldNotContain(" 100 ");
    }

    [Fact]
    public async Task EarlyAnswer_EndlessUpload_IsCutOffAfterItsShareOfBytes()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
            await peer.WaitForEndAsync();
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], ""","timeout":{"connect":1,"send":0.5,"read":0.5}""");
        using Socket client = await gateway.ConnectAsync();
        await client.SendAsync(System.Text.Encoding.Latin1.GetBytes($"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {Length}\r\n\r\n"));

        // Until the node answers, it takes no more than lies in the kernel on both sides of the gateway; behind the answer comes what a loop passes on in the turns until it sees that.
        // On Kestrel an upload that always has more keeps its I/O thread to itself, for as long as it is not interrupted: all that counts is that it does not come to its end.
        long most = GatewayUnderTest.Transport == TransportKind.Loops ? (2 * KernelBuffers.OneWayMax) + 20_000_000 : Length;
        (await SendUntilClosedAsync(client)).ShouldBeLessThan(most);
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 0 && gateway.Plane.NodeConnectionsOpen == 0, "closed");
    }

    private static async Task<long> SendUntilClosedAsync(Socket client)
    {
        byte[] piece = new byte[65_536];
        for (long sent = 0; ;)
        {
            try
            {
                sent += await client.SendAsync(piece, Bound);
            }
            catch (SocketException)
            {
                return sent;
            }
        }
    }
}
