using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Headgate.Core.Config;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>WebSocket through the gateway: the upgrade, the tunnel, its end.</summary>
public sealed class WebSocketTests
{
    private const string Enabled = ",\"enable_websocket\":true";
    private const string Upgrade =
        "GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    private static CancellationToken Bound => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(70_000)]
    [InlineData(5_000_000)]
    public async Task Echo_MessagesOfEverySize_ComeBackAndBothSidesClose(int length)
    {
        await using ScriptedNode node = WebSocketNode.StartEcho();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], routeMore: Enabled);
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{gateway.Port}/chat"), Bound);
        byte[] message = new byte[length];
        new Random(TestSeed.Value).NextBytes(message);
        for (int round = 0; round < 3; round++)
        {
            Task sending = client.SendAsync(message, WebSocketMessageType.Binary, true, Bound);
            (await ReceiveAsync(client, length)).ShouldBe(message);
            await sending;
        }

        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", Bound);
        client.CloseStatusDescription.ShouldBe("bye");
        await Eventually.HoldsAsync(() => gateway.Plane.NodeConnectionsOpen == 0, "the node's connection is closed");
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 0, "the client's connection is closed");
        gateway.Plane.Counters.ClientsGone.ShouldBe(0);
        node.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task NodeSpeaksFirstAndCloses_ClientGetsAllOfIt()
    {
        // The node's last words and its FIN arrive together: the words must not be lost with the close. Long ones fill the buffers on the way.
        byte[] message = new byte[3_000_000];
        await using ScriptedNode node = WebSocketNode.Start(async (socket, stopping) =>
        {
            await socket.SendAsync(message, WebSocketMessageType.Binary, true, stopping);
            await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "going", stopping);
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], routeMore: Enabled);
        for (int i = 0; i < 10; i++)
        {
            using var client = new ClientWebSocket();
            await client.ConnectAsync(new Uri($"ws://127.0.0.1:{gateway.Port}/"), Bound);
            (await ReceiveAsync(client, message.Length)).ShouldBe(message);
            (await client.ReceiveAsync(new byte[10], Bound)).MessageType.ShouldBe(WebSocketMessageType.Close);
            client.CloseStatusDescription.ShouldBe("going");
        }

        await Eventually.HoldsAsync(() => gateway.Plane.NodeConnectionsOpen == 0, "the nodes' connections are closed");
    }

    [Fact]
    public async Task RouteWithoutWebSocket_UpgradeIsNotForwarded()
    {
        string? head = null;
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            head = await peer.ReadHeadAsync();
            await peer.AnswerAsync("plain");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        using Socket client = await gateway.ConnectAsync();
        await client.SendAsync(Encoding.Latin1.GetBytes(Upgrade));
        client.Shutdown(SocketShutdown.Send);
        string answer = await GatewayUnderTest.ReadToEndAsync(client);
        answer.ShouldStartWith("HTTP/1.1 200 ");
        answer.ShouldEndWith("plain");
        head.ShouldNotBeNull().ToLowerInvariant().ShouldNotContain("upgrade");
    }

    [Fact]
    public async Task ServicesEnableWebsocket_HoldsForItsRoutes()
    {
        await using ScriptedNode node = WebSocketNode.StartEcho();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync();
        gateway.PutUpstream("u", [node.Port]);
        gateway.Put(ResourceKind.Service, "s", """{"upstream_id":"u","enable_websocket":true}""");
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","service_id":"s"}""");
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{gateway.Port}/"), Bound);
        await client.SendAsync("hi"u8.ToArray(), WebSocketMessageType.Text, true, Bound);
        (await ReceiveAsync(client, 2)).ShouldBe("hi"u8.ToArray());
    }

    [Fact]
    public async Task Silence_LongerThanReadTimeout_ClosesBothSides()
    {
        var nodeEnded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
            await peer.WaitForEndAsync();
            nodeEnded.SetResult();
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync(
            [node.Port], ""","timeout":{"connect":1,"send":1,"read":0.2}""", routeMore: Enabled);
        (await gateway.SendRawAsync(Upgrade)).ShouldStartWith("HTTP/1.1 101 ");
        await nodeEnded.Task.WaitAsync(TimeSpan.FromSeconds(10), Bound);
        await Eventually.HoldsAsync(() => gateway.Plane.NodeConnectionsOpen == 0, "closed");
    }

    [Fact]
    public async Task NodeRefuses_ItsAnswerIsPassedOnAndTheConnectionKept()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is not null)
                await peer.SendAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], routeMore: Enabled);
        using var client = new RawClient(await gateway.ConnectAsync());
        for (int i = 0; i < 2; i++)
            (await client.AskAsync(Encoding.Latin1.GetBytes(Upgrade))).Status.ShouldBe(403);
        node.Accepted.ShouldBe(1);
    }

    [Theory]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n")]
    public async Task Answer101ThatIsNoWebSocket_Is502(string answer)
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync(answer);
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], routeMore: Enabled);
        using var client = new RawClient(await gateway.ConnectAsync());
        (await client.AskAsync(Encoding.Latin1.GetBytes(Upgrade))).Status.ShouldBe(502);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OneSideResets_OtherIsClosed(bool clientResets)
    {
        var nodeEnded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
            await peer.ReadBytesAsync(1);
            if (clientResets)
                await peer.WaitForEndAsync();
            else
                peer.Reset();
            nodeEnded.SetResult();
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], routeMore: Enabled);
        using Socket client = await gateway.ConnectAsync();
        await client.SendAsync(Encoding.Latin1.GetBytes(Upgrade));
        (await client.ReceiveAsync(new byte[1000], Bound)).ShouldBeGreaterThan(0);
        await client.SendAsync(new byte[1], Bound);
        if (clientResets)
        {
            client.LingerState = new LingerOption(true, 0);
            client.Dispose();
        }
        else
        {
            await GatewayUnderTest.ReadToEndAsync(client);
        }

        await nodeEnded.Task.WaitAsync(TimeSpan.FromSeconds(10), Bound);
        await Eventually.HoldsAsync(() => gateway.Plane.NodeConnectionsOpen == 0 && gateway.Plane.Counters.ConnectionsOpen == 0, "both closed");
    }

    private static async Task<byte[]> ReceiveAsync(ClientWebSocket client, int length)
    {
        byte[] received = new byte[length];
        for (int done = 0; done < length;)
        {
            WebSocketReceiveResult piece = await client.ReceiveAsync(new ArraySegment<byte>(received, done, length - done), Bound);
            piece.MessageType.ShouldNotBe(WebSocketMessageType.Close);
            done += piece.Count;
        }

        return received;
    }
}
