using System.Net.Sockets;
using System.Text;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Hardening;

/// <summary>
/// Clients that vanish, stop or stall at every point of an exchange (RFC 9112 §8 and §9; "slowloris", R. Hansen 2009; "slow read", S. Shekyan 2012; "R-U-Dead-Yet" for
/// bodies). Whatever they do: nothing is forwarded that was not whole, nothing stays open, and the gateway serves on. Time-outs of the well-behaved are in ClientTimingTests.
/// </summary>
public sealed class RudeClientTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    private const string Chunked = "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nX-T: 1\r\n\r\n";
    private const string Sized = "PUT /p HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
    private const string Pipelined = "GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n";
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Theory]
    [InlineData(Chunked)]
    [InlineData(Sized)]
    [InlineData(Pipelined)]
    public async Task ResetAfterEveryByte_LeavesNothingBehind(string request)
    {
        await using RecordingNode node = new();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        for (int sent = 0; sent <= request.Length; sent++)
            await SendAndResetAsync(gateway, request[..sent]);
        await ServesOnAsync(gateway, request.Length + 1);
    }

    [Theory]
    [InlineData(Chunked, 1)]
    [InlineData(Sized, 1)]
    [InlineData(Pipelined, 2)]
    public async Task FinAfterEveryByte_OnlyWholeRequestsAreAnswered(string request, int requests)
    {
        int first = requests == 2 ? request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4 : request.Length;
        await using RecordingNode node = new();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        for (int sent = 0; sent <= request.Length; sent++)
        {
            string received = await gateway.SendRawAsync(request[..sent], finish: true);
            int whole = sent == request.Length ? requests : sent >= first ? 1 : 0;
            Answer.ReadAll(received).Select(answer => answer.Status).ShouldBe(Enumerable.Repeat(200, whole), $"FIN behind {sent} bytes: {received}");
        }

        await ServesOnAsync(gateway, request.Length + 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(300_000)]
    public async Task ResetInMidAnswer_NodeIsLetGo(int read)
    {
        await using ScriptedNode node = Streaming();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        for (int i = 0; i < 5; i++)
        {
            Socket client = await gateway.ConnectAsync();
            await client.SendAsync(Encoding.Latin1.GetBytes(Get));
            byte[] buffer = new byte[Math.Max(read, 1)];
            for (int received = 0; received < read;)
                received += await client.ReceiveAsync(buffer.AsMemory(received, read - received));
            Reset(client);
        }

        await Eventually.HoldsAsync(() => node.Open == 0, "the node is let go");
        await NothingStaysAsync(gateway);
        gateway.Plane.NodeConnectionsOpen.ShouldBe(0);
    }

    [Fact]
    public async Task FinInMidAnswer_AnswerGoesOn()
    {
        var finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst");
            await finished.Task.WaitAsync(peer.Stopping);
            await peer.SendAsync("later");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        Socket socket = await gateway.ConnectAsync();
        using var client = new AskingClient(socket);
        await client.SendAsync(Get);
        await client.WaitForAsync("first");
        socket.Shutdown(SocketShutdown.Send);
        finished.SetResult();
        (await client.ReadAsync()).Body.ShouldBe("firstlater");
        await NothingStaysAsync(gateway);
        gateway.Plane.Counters.ClientsGone.ShouldBe(0);
    }

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;a=\"")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n")]
    public async Task BodyThatStops_IsClosedAfterBodyTimeout_AndNotReadOn(string request)
    {
        // Pause-based desync: whoever answers here and keeps the connection takes what comes later for a request.
        await using RecordingNode node = new();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], limits: new ProxyLimits { BodyTimeout = Short });
        (await gateway.SendRawAsync(request)).ShouldBeOneOf("", "<reset>", "HTTP/1.1 100 Continue\r\n\r\n");
        await NothingStaysAsync(gateway);
        gateway.Plane.NodeConnectionsOpen.ShouldBe(0);
        gateway.Plane.Counters.ClientsGone.ShouldBe(1);
    }

    [Theory]
    [InlineData("X: y\r\n")] // slowloris: a whole field line now and then
    [InlineData(" ")]
    [InlineData("\r\n")]
    public async Task SlowHead_IsClosedOrRefused_HoweverOftenALineComes(string drop)
    {
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync(new ProxyLimits { HeadTimeout = Short, LingerTimeout = Short });
        using Socket client = await gateway.ConnectAsync();
        Task<string> received = GatewayUnderTest.ReadToEndAsync(client);
        await client.SendAsync(Encoding.Latin1.GetBytes(drop == "\r\n" ? drop : "GET / HTTP/1.1\r\nHost: x\r\nX: y\r\n"));
        for (int i = 0; i < 500 && !received.IsCompleted; i++)
        {
            try
            {
                await client.SendAsync(Encoding.Latin1.GetBytes(drop));
            }
            catch (SocketException)
            {
                break;
            }

            await Task.WhenAny(received, Task.Delay(20, TestContext.Current.CancellationToken));
        }

        string text = await received.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        (text is "" or "<reset>" || text.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal)).ShouldBeTrue(text);
        await NothingStaysAsync(gateway);
    }

    [Fact]
    public async Task SlowRead_TinyWindow_IsCutOffAfterSendTimeout()
    {
        await using ScriptedNode node = Streaming();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], limits: new ProxyLimits { SendTimeout = Short });
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 2048 };
        await client.ConnectAsync(System.Net.IPAddress.Loopback, gateway.Port);
        await client.SendAsync(Encoding.Latin1.GetBytes(Get));
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ClientsGone == 1, "cut off");
        await Eventually.HoldsAsync(() => node.Open == 0, "the node is let go");
        await NothingStaysAsync(gateway);
    }

    [Fact]
    public async Task RequestsWithoutReadingAnswers_AreHeldBack_ThenCutOff()
    {
        // Pipelining without end must not become a queue without end.
        int asked = 0;
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            string body = new('x', 20_000);
            while (await peer.ReadHeadAsync() is not null)
            {
                Interlocked.Increment(ref asked);
                await peer.AnswerAsync(body);
            }
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], limits: new ProxyLimits { SendTimeout = Short });
        using Socket client = await gateway.ConnectAsync();
        byte[] requests = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(Get, 500)));
        long sent = 0;
        try
        {
            while (sent < 200_000_000)
                sent += await client.SendAsync(requests);
        }
        catch (SocketException)
        {
            // Cut off.
        }

        sent.ShouldBeLessThan(200_000_000);
        await NothingStaysAsync(gateway);
        Volatile.Read(ref asked).ShouldBeLessThan(5_000); // what the buffers on the way to the client hold
    }

    [Fact]
    public async Task OneByteWrites_OfEveryKindOfRequest_AreServed()
    {
        await using RecordingNode node = new();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        using Socket socket = await gateway.ConnectAsync();
        using var client = new AskingClient(socket);
        foreach (string request in new[] { Chunked, Sized, "\r\n" + Get, "GET http://x/ HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n" })
        {
            foreach (char c in request)
                await client.SendAsync(c.ToString());
            (await client.ReadAsync()).Status.ShouldBe(200, request);
        }

        gateway.Plane.Counters.ConnectionsAccepted.ShouldBe(1);
        node.Received.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ConnectionsThatSayNothing_LeaveNothingBehind(bool reset)
    {
        await using RecordingNode node = new();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        for (int i = 0; i < 50; i++)
        {
            if (reset)
                await SendAndResetAsync(gateway, "");
            else
                (await gateway.SendRawAsync("", finish: true)).ShouldBeEmpty();
        }

        await ServesOnAsync(gateway, 0);
    }

    private static async Task SendAndResetAsync(GatewayUnderTest gateway, string bytes)
    {
        Socket client = await gateway.ConnectAsync();
        if (bytes.Length > 0)
            await client.SendAsync(Encoding.Latin1.GetBytes(bytes));
        Reset(client);
    }

    private static void Reset(Socket client)
    {
        client.LingerState = new LingerOption(true, 0);
        client.Dispose();
    }

    /// <summary>Nothing is open or under way any more but connections to the node that are kept; a further request is served. A reset may come before the accept.</summary>
    private static async Task ServesOnAsync(GatewayUnderTest gateway, int acceptedMax)
    {
        if (acceptedMax > 0)
            await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsAccepted > 0, "somebody is taken in");
        await NothingStaysAsync(gateway);
        if (acceptedMax > 0)
            gateway.Plane.Counters.ConnectionsAccepted.ShouldBeLessThanOrEqualTo(acceptedMax);
        Answer.ReadAll(await gateway.SendRawAsync(Get, finish: true)).ShouldHaveSingleItem().Status.ShouldBe(200);
        await NothingStaysAsync(gateway);
        gateway.Plane.NodeConnectionsOpen.ShouldBeGreaterThan(0);
    }

    private static Task NothingStaysAsync(GatewayUnderTest gateway) =>
        Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 0 && gateway.TriesInFlight == 0, "no client's connection and no try stays");

    private static ScriptedNode Streaming() => ScriptedNode.Start(async peer =>
    {
        await peer.ReadHeadAsync();
        await peer.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        byte[] chunk = Encoding.Latin1.GetBytes("4000\r\n" + new string('x', 0x4000) + "\r\n");
        while (true)
            await peer.SendAsync(chunk);
    });
}
