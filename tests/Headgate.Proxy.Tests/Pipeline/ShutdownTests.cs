using System.Net;
using System.Net.Sockets;
using System.Text;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>The gateway stops: what is under way ends, what is idle is closed, nothing hangs.</summary>
public sealed class ShutdownTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    private static CancellationToken Bound => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_RequestUnderWay_IsFinishedAndSaysThatItWasTheLast()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            string head = (await peer.ReadHeadAsync())!;
            asked.SetResult();
            await go.Task;
            await NodeReading.BodyAsync(peer, head);
            await peer.AnswerAsync("done");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        using Socket client = await gateway.ConnectAsync();
        await client.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc"u8.ToArray());
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10), Bound);

        Task stopping = gateway.Plane.StopAsync(Bound);
        await Eventually.HoldsAsync(() => !CanConnect(gateway.Port), "new connections are refused");
        stopping.IsCompleted.ShouldBeFalse();
        go.SetResult();
        await client.SendAsync("def"u8.ToArray());
        (await GatewayUnderTest.ReadToEndAsync(client)).ShouldEndWith("\r\n\r\ndone");
        await stopping.WaitAsync(TimeSpan.FromSeconds(10), Bound);
    }

    [Theory]
    [InlineData("")] // accepted, no byte sent
    [InlineData(Get)] // kept, idle
    public async Task Stop_IdleConnection_IsClosedAtOnce(string sent)
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        using Socket client = await gateway.ConnectAsync();
        if (sent.Length > 0)
        {
            await client.SendAsync(Encoding.Latin1.GetBytes(sent));
            (await client.ReceiveAsync(new byte[1000], Bound)).ShouldBeGreaterThan(0);
        }

        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 1, "accepted");
        await gateway.Plane.StopAsync(Bound).WaitAsync(TimeSpan.FromSeconds(10), Bound);
        (await GatewayUnderTest.ReadToEndAsync(client)).ShouldBeOneOf("", "<reset>");
        gateway.Plane.Counters.ConnectionsOpen.ShouldBe(0);
    }

    [Fact]
    public async Task Stop_ConnectionsInEveryState_EndsWithItsToken()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            string head = (await peer.ReadHeadAsync())!;
            if (head.Contains("pgrade: websocket"))
                await peer.SendAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
            else if (head.StartsWith("GET /body", StringComparison.Ordinal))
                await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            await peer.WaitForEndAsync();
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], routeMore: ",\"enable_websocket\":true");
        string[] states =
        [
            "",
            "P",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "GET / HTTP/1.1\r\nHo",
            Get,
            "GET /body HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc",
            "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        ];
        var clients = new List<Socket>();
        foreach (string state in states)
        {
            Socket client = await gateway.ConnectAsync();
            clients.Add(client);
            if (state.Length > 0)
                await client.SendAsync(Encoding.Latin1.GetBytes(state));
        }

        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == states.Length && node.Open == 4, "all are there");
        using var bound = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await gateway.Plane.StopAsync(bound.Token).WaitAsync(TimeSpan.FromSeconds(10), Bound);
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 0, "clients' connections are closed");
        await Eventually.HoldsAsync(() => gateway.Plane.NodeConnectionsOpen == 0 && node.Open == 0, "nodes' connections are closed");
        foreach (Socket client in clients)
        {
            await GatewayUnderTest.ReadToEndAsync(client);
            client.Dispose();
        }
    }

    [Fact]
    public async Task Stop_UnderLoad_EveryRequestThatWasTakenIsAnswered()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        int answered = 0;
        int broken = 0;
        Socket[] sockets = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => gateway.ConnectAsync()));
        Task[] clients = [.. sockets.Select(connected => Task.Run(
            async () =>
            {
                using Socket socket = connected;
                byte[] buffer = new byte[1000];
                while (true)
                {
                    try
                    {
                        await socket.SendAsync(Encoding.Latin1.GetBytes(Get));
                        int count = await socket.ReceiveAsync(buffer);
                        if (count == 0)
                            return; // closed while idle: the client may send it again
                        string answer = Encoding.Latin1.GetString(buffer, 0, count);
                        if (!answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal) || !answer.EndsWith("\r\n\r\nok", StringComparison.Ordinal))
                            Interlocked.Increment(ref broken);
                        Interlocked.Increment(ref answered);
                    }
                    catch (SocketException)
                    {
                        return;
                    }
                }
            },
            Bound))];
        await Eventually.HoldsAsync(() => Volatile.Read(ref answered) > 500, "load");
        await gateway.Plane.StopAsync(Bound).WaitAsync(TimeSpan.FromSeconds(10), Bound);
        await Task.WhenAll(clients).WaitAsync(TimeSpan.FromSeconds(10), Bound);
        broken.ShouldBe(0);
        gateway.Plane.Counters.RequestsByStatusClass(5).ShouldBe(0);
    }

    private static bool CanConnect(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
