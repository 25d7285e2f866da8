using System.Net.Sockets;
using System.Text;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>Slow, silent and impatient clients. Those that vanish or stall at every byte are in Hardening/RudeClientTests.</summary>
public sealed class ClientTimingTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    /// <summary>A limit that a busy machine keeps where it must not be reached.</summary>
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(1);

    private static CancellationToken Bound => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")] // the preface and the first head share one limit
    [InlineData("G")]
    [InlineData("PRI * HT")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n")]
    public async Task HeadThatDoesNotEnd_IsClosedAfterHeadTimeout_HoweverOftenAByteComes(string begin)
    {
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync(new ProxyLimits { HeadTimeout = Short });
        using Socket client = await gateway.ConnectAsync();
        Task<string> answer = GatewayUnderTest.ReadToEndAsync(client);
        await client.SendAsync(Encoding.Latin1.GetBytes(begin));
        await DripAsync(client, begin.Length == 0 ? [] : "X"u8.ToArray(), answer);
        (await answer).ShouldBeOneOf("", "<reset>", BadMethod(await answer));
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 0, "closed");
    }

    [Fact]
    public async Task IdleConnection_IsClosedAfterIdleTimeout()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], limits: new ProxyLimits { IdleTimeout = Enough });
        string answer = await gateway.SendRawAsync(Get);
        answer.ShouldEndWith("\r\n\r\nok");
    }

    [Fact]
    public async Task NodeSlowerThanBodyTimeout_DoesNotCostTheClientItsConnection()
    {
        // The body has arrived: from then on the client owes nothing, however long the node thinks.
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            string head = (await peer.ReadHeadAsync())!;
            await NodeReading.BodyAsync(peer, head);
            await Task.Delay(2 * Enough, peer.Stopping);
            await peer.AnswerAsync("ok");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], limits: new ProxyLimits { BodyTimeout = Enough });
        using Socket client = await gateway.ConnectAsync();
        await client.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 6\r\n\r\nabc"u8.ToArray());
        await client.SendAsync("def"u8.ToArray());
        (await GatewayUnderTest.ReadToEndAsync(client)).ShouldEndWith("\r\n\r\nok");
    }

    [Fact]
    public async Task ClientSlowerThanReadTimeout_DoesNotCostTheAnswer()
    {
        // The gateway waits for the client, not for the node: the node's read timeout must not run meanwhile.
        const int Length = 30_000_000;
        await using ScriptedNode node = BigAnswers(Length);
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], ""","timeout":{"connect":1,"send":1,"read":1}""");
        using Socket client = await gateway.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray());
        await Task.Delay(2 * Enough, Bound);
        (await CountToEndAsync(client)).ShouldBeGreaterThan(Length);
    }

    [Fact]
    public async Task ClosedConnectionWhoseClientDoesNotRead_IsCutOffAfterSendTimeout()
    {
        // The end of the answer lies in the gateway's buffers, the request is over; only the one connection allowed shows that it still is there.
        const int Piece = 16_384;
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is { } head)
            {
                int length = int.Parse(head.Split(' ')[1][1..], System.Globalization.CultureInfo.InvariantCulture);
                await peer.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
                for (int sent = 0; sent < length; sent += Piece)
                    await peer.SendAsync(new byte[Math.Min(Piece, length - sent)]);
            }
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], limits: new ProxyLimits { SendTimeout = Short, ConnectionsMax = 1 });

        // How much the kernel's buffers take is not known: the answer grows until its end does not fit, which the request itself then fails of.
        for (int length = 100_000; gateway.Plane.Counters.ClientsGone == 0; length += 25_000)
        {
            long begin = System.Diagnostics.Stopwatch.GetTimestamp();
            while (!await IsServedAsync(gateway, length))
                System.Diagnostics.Stopwatch.GetElapsedTime(begin).TotalSeconds.ShouldBeLessThan(30, "the connection before is still there");
        }
    }

    [Fact]
    public async Task HundredRequestsInOneSegment_AreAnsweredInOrder()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is { } head)
                await peer.AnswerAsync(head.Split(' ')[1] + ";");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        string requests = string.Concat(Enumerable.Range(0, 100).Select(i => $"GET /{i} HTTP/1.1\r\nHost: x\r\n{(i == 99 ? "Connection: close\r\n" : "")}\r\n"));
        string answers = await gateway.SendRawAsync(requests);
        answers.Split("\r\n\r\n").Skip(1).Select(rest => rest.Split(';')[0]).ShouldBe(Enumerable.Range(0, 100).Select(i => $"/{i}"));
        node.Accepted.ShouldBe(1);
    }

    [Fact]
    public async Task ClientGoneBehindPipelinedRequests_TheRestIsNotSentToNodes()
    {
        int asked = 0;
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is not null)
            {
                Interlocked.Increment(ref asked);
                first.TrySetResult();
                await peer.WaitForEndAsync();
            }
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        Socket client = await gateway.ConnectAsync();
        await client.SendAsync(Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(Get, 50))));
        await first.Task.WaitAsync(TimeSpan.FromSeconds(10), Bound);
        client.LingerState = new LingerOption(true, 0);
        client.Dispose();
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 0, "closed");
        asked.ShouldBe(1);
    }

    [Fact]
    public async Task ClientThatFinishedSending_StillGetsItsAnswer()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await Task.Delay(Short, peer.Stopping);
            await peer.AnswerAsync("late");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        (await gateway.SendRawAsync(Get, finish: true)).ShouldEndWith("late");
        gateway.Plane.Counters.ClientsGone.ShouldBe(0);
    }

    [Fact]
    public async Task ConnectionsAboveTheLimit_AreClosedAtOnce()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], limits: new ProxyLimits { ConnectionsMax = 2 });
        using var one = new RawClient(await gateway.ConnectAsync());
        using var two = new RawClient(await gateway.ConnectAsync());
        await one.AskAsync(Encoding.Latin1.GetBytes(Get));
        await two.AskAsync(Encoding.Latin1.GetBytes(Get));
        using Socket three = await gateway.ConnectAsync();
        string answer = await GatewayUnderTest.ReadToEndAsync(three); // the loops say why
        (answer is "" or "<reset>" || answer.StartsWith("HTTP/1.1 503 ", StringComparison.Ordinal)).ShouldBeTrue(answer);
        (await one.AskAsync(Encoding.Latin1.GetBytes(Get))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Http10_KeepAlive_KeepsTheConnection()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        string kept = "GET / HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n";
        string answer = await gateway.SendRawAsync(kept + kept + "GET / HTTP/1.0\r\nHost: x\r\n\r\n");
        string[] answers = answer.Split("HTTP/1.1 200 OK", StringSplitOptions.RemoveEmptyEntries);
        answers.Length.ShouldBe(3);
        answers[0].ShouldContain("Connection: keep-alive\r\n");
        answers[1].ShouldContain("Connection: keep-alive\r\n");
        answers[2].ShouldContain("Connection: close\r\n");
    }

    private static long Ended(GatewayUnderTest gateway) => gateway.Plane.Counters.RequestsByStatusClass(2);

    /// <summary>Asks for so many bytes and takes none of them. False when the gateway refused the connection because there is another.</summary>
    private static async Task<bool> IsServedAsync(GatewayUnderTest gateway, int length)
    {
        long before = Ended(gateway);
        using Socket client = await ConnectSmallAsync(gateway.Port);
        try
        {
            await client.SendAsync(Encoding.Latin1.GetBytes($"GET /{length} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
        }
        catch (SocketException)
        {
            return false;
        }

        await Eventually.HoldsAsync(() => Ended(gateway) > before || IsRefused(client), "the request is over, or refused");
        return Ended(gateway) > before;
    }

    /// <summary>Whether the connection was closed without an answer, or with a 503, as the transports do.</summary>
    private static bool IsRefused(Socket client)
    {
        if (!client.Poll(0, SelectMode.SelectRead))
            return false;
        byte[] seen = new byte[12];
        try
        {
            int count = client.Receive(seen, SocketFlags.Peek);
            return count == 0 || seen.AsSpan(0, count).SequenceEqual("HTTP/1.1 503"u8);
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static async Task<Socket> ConnectSmallAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(System.Net.IPAddress.Loopback, port);
        return socket;
    }

    private static string BadMethod(string answer) => answer.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal) ? answer : "";

    /// <summary>Sends a byte every few milliseconds until the connection has ended.</summary>
    private static async Task DripAsync(Socket client, byte[] drop, Task ended)
    {
        for (int i = 0; i < 1000 && !ended.IsCompleted; i++)
        {
            try
            {
                if (drop.Length > 0)
                    await client.SendAsync(drop, Bound);
            }
            catch (SocketException)
            {
                return;
            }
            await Task.WhenAny(ended, Task.Delay(20, Bound));
        }
        ended.IsCompleted.ShouldBeTrue("the gateway did not close");
    }

    private static ScriptedNode BigAnswers(int length) => ScriptedNode.Start(async peer =>
    {
        byte[] piece = new byte[65_536];
        while (await peer.ReadHeadAsync() is not null)
        {
            await peer.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
            for (int sent = 0; sent < length; sent += piece.Length)
                await peer.SendAsync(piece.AsMemory(0, Math.Min(piece.Length, length - sent)));
        }
    });

    private static async Task<long> CountToEndAsync(Socket socket)
    {
        byte[] buffer = new byte[65_536];
        long total = 0;
        while (await socket.ReceiveAsync(buffer, Bound) is var count and > 0)
            total += count;
        return total;
    }
}
