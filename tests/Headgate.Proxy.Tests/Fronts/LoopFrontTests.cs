using System.Net;
using System.Net.Sockets;
using System.Text;
using Headgate.Proxy.Tests.Transport.Loops;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Fronts;

/// <summary>Listeners and workers: who is taken in and by which loop, who is refused and how, and that everybody is gone at the end.</summary>
public sealed class LoopFrontTests
{
    private static readonly byte[] Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray();

    [Fact]
    public async Task AboveTheLimit_503ThenTheEnd_WhateverTheClientHasSent()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using LoopFrontUnderTest test = await LoopFrontUnderTest.StartAsync(node.Port, limits: new ProxyLimits { ConnectionsMax = 2 });
        using Socket one = await test.ConnectAsync();
        using Socket two = await test.ConnectAsync();
        await ServedAsync(one);
        await ServedAsync(two);

        // Closed with something unread, the connection would be reset and the answer lost.
        using Socket talkative = await test.ConnectAsync();
        await talkative.SendAsync(Encoding.Latin1.GetBytes("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + new string('x', 100_000)));
        (byte[] bytes, bool inOrder) = await talkative.ReadToEndAsync();
        string answer = Encoding.Latin1.GetString(bytes);
        answer.ShouldStartWith("HTTP/1.1 503 ");
        answer.ShouldContain("Connection: close\r\n");
        answer.ShouldContain("too many connections");
        inOrder.ShouldBeTrue();
        test.Counters.ConnectionsOpen.ShouldBe(2);
        test.Counters.ConnectionsAccepted.ShouldBe(2);

        await ServedAsync(one);
        one.Dispose();
        await Eventually.HoldsAsync(() => test.Counters.ConnectionsOpen == 1, "one has left");
        using Socket three = await test.ConnectAsync();
        await ServedAsync(three);
    }

    [Fact]
    public async Task ManyAboveTheLimit_WhoStay_AreClosedWithoutAWordAndNoneIsLeft()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        var limits = new ProxyLimits { ConnectionsMax = 1, LingerTimeout = TimeSpan.FromSeconds(3) }; // so long that not all can come one after the other
        await using LoopFrontUnderTest test = await LoopFrontUnderTest.StartAsync(node.Port, loops: 1, limits);
        using Socket served = await test.ConnectAsync();
        await ServedAsync(served);

        List<Socket> refused = [];
        for (int i = 0; i < 300; i++)
            refused.Add(await test.ConnectAsync());
        string[] told = await Task.WhenAll(refused.Select(async s => Encoding.Latin1.GetString((await s.ReadToEndAsync()).Bytes)));
        told.Count(t => t.StartsWith("HTTP/1.1 503 ", StringComparison.Ordinal)).ShouldBeInRange(128, 299);
        told.ShouldAllBe(t => t.Length == 0 || t.StartsWith("HTTP/1.1 503 ", StringComparison.Ordinal));
        await ServedAsync(served);
        await Eventually.HoldsAsync(async () => (await test.ClientsAsync())[0].Length == 1, "those who do not go are cut off");
        refused.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task NoDescriptorIsLeft_EveryClientIsToldAtOnceAndOthersAreServed()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");

        // What the test itself needs is loaded before: an assembly that cannot be opened once is missing for good.
        await using (LoopFrontUnderTest full = await LoopFrontUnderTest.StartAsync(node.Port, limits: new ProxyLimits { ConnectionsMax = 1 }))
        {
            using Socket first = await full.ConnectAsync();
            using Socket second = NewSocket();
            (await AskAsync(first)).ShouldStartWith("HTTP/1.1 200 ");
            (await HearAsync(second, full.Port)).ShouldStartWith("HTTP/1.1 503 ");
        }

        await using LoopFrontUnderTest test = await LoopFrontUnderTest.StartAsync(node.Port, loops: 1, new ProxyLimits { LingerTimeout = TimeSpan.FromSeconds(60) });
        using Socket served = await test.ConnectAsync();
        await ServedAsync(served);
        Socket[] clients = [.. Enumerable.Range(0, 10).Select(_ => NewSocket())];
        string[] heard = new string[clients.Length];
        string asked;
        using (DescriptorLimit none = new())
        {
            // They stay, so that none makes room for the next.
            for (int i = 0; i < clients.Length; i++)
                heard[i] = await HearAsync(clients[i], test.Port);
            asked = await AskAsync(served);
        }

        heard.Select(text => text.Split(' ').ElementAtOrDefault(1)).ShouldBe(Enumerable.Repeat("503", clients.Length));
        asked.ShouldStartWith("HTTP/1.1 200 ");
        test.Log.Lines.Length.ShouldBeInRange(1, 9);
        test.Log.Lines.Select(line => line[..5]).Distinct().ShouldBe(["1221 "]);
        test.Counters.ConnectionsOpen.ShouldBe(1);
        using Socket after = await test.ConnectAsync();
        await ServedAsync(after);
        foreach (Socket client in clients)
            client.Dispose();
    }

    [Fact]
    public async Task LongLivedClients_DoNotPileUpOnOneLoop()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using LoopFrontUnderTest test = await LoopFrontUnderTest.StartAsync(node.Port, loops: 4);
        Dictionary<int, Socket> clients = [];
        for (int i = 0; i < 200; i++)
            await AddAsync();
        Spread(await test.ClientsAsync(), 1);

        // All that one loop has leave: who comes next goes there.
        int[] leaving = (await test.ClientsAsync())[0];
        foreach (int port in leaving)
        {
            clients[port].Dispose();
            clients.Remove(port);
        }

        await Eventually.HoldsAsync(() => test.Counters.ConnectionsOpen == clients.Count, "they have left");
        for (int i = 0; i < leaving.Length; i++)
            await AddAsync();
        Spread(await test.ClientsAsync(), 2);
        foreach (Socket client in clients.Values)
            await ServedAsync(client);
        foreach (Socket client in clients.Values)
            client.Dispose();

        // A loop keeps its own unless another has fewer by more than one and an eighth: 200 on four loops is 50 each, within that. The loop that was emptied is filled
        // up to that distance from those that accept, which may be as far from the fullest.
        static void Spread(int[][] perLoop, int distances)
        {
            int[] counts = [.. perLoop.Select(c => c.Length)];
            counts.Sum().ShouldBe(200);
            (counts.Max() - counts.Min()).ShouldBeLessThanOrEqualTo(distances * (2 + (counts.Min() / 8)), string.Join(", ", counts));
        }

        async Task AddAsync()
        {
            Socket client = await test.ConnectAsync();
            clients.Add(((IPEndPoint)client.LocalEndPoint!).Port, client);
            await Eventually.HoldsAsync(() => test.Counters.ConnectionsOpen == clients.Count, "taken in");
        }
    }

    [Fact]
    public async Task StopNow_ClientsInEveryState_AreCountedOutWhenItReturns()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            string head = (await peer.ReadHeadAsync())!;
            if (head.StartsWith("GET /much", StringComparison.Ordinal))
                await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n" + new string('x', 10_000_000));
            else if (head.Contains("pgrade: websocket"))
                await peer.SendAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
            await peer.IgnoreAsync();
        });
        string[] states =
        [
            "",
            "PRI * HTT",
            "GET / HTTP/1.1\r\nHo",
            "GET /silent HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /much HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc",
            "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        ];
        await using LoopFrontUnderTest test = await LoopFrontUnderTest.StartAsync(node.Port);
        List<Socket> clients = [];
        for (int i = 0; i < 5 * states.Length; i++)
        {
            Socket client = await test.ConnectAsync();
            clients.Add(client);
            await client.SendAsync(Encoding.Latin1.GetBytes(states[i % states.Length]));
        }

        await Eventually.HoldsAsync(() => test.Counters.ConnectionsOpen == clients.Count && node.Open == 20, "all are there");
        await test.StopNowAsync();
        test.Counters.ConnectionsOpen.ShouldBe(0);
        (await test.ClientsAsync()).ShouldAllBe(c => c.Length == 0);
        test.Log.Lines.ShouldBeEmpty();
        foreach (Socket client in clients)
        {
            await client.ReadToEndAsync();
            client.Dispose();
        }
    }

    [Fact]
    public async Task PortOfAnother_IsNotShared()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using LoopFrontUnderTest first = await LoopFrontUnderTest.StartAsync(node.Port);
        await using LoopFrontUnderTest second = new(node.Port, loops: 2, null, new IPEndPoint(IPAddress.Loopback, first.Port));
        (await Should.ThrowAsync<IOException>(() => second.Front.StartAsync(TestContext.Current.CancellationToken)))
            .Message.ShouldBe($"Failed to bind to address http://127.0.0.1:{first.Port}: address already in use.");
    }

    [Fact]
    public async Task Dispose_WithoutAStop_ClosesClientsAndFreesThePort()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        LoopFrontUnderTest test = await LoopFrontUnderTest.StartAsync(node.Port);
        using Socket client = await test.ConnectAsync();
        await ServedAsync(client);
        int port = test.Port;
        await test.DisposeAsync();
        await client.ReadToEndAsync();
        await using LoopFrontUnderTest next = new(node.Port, loops: 2, null, new IPEndPoint(IPAddress.Loopback, port));
        await next.Front.StartAsync(TestContext.Current.CancellationToken);
    }

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private static async Task ServedAsync(Socket client)
    {
        string answer = await AskAsync(client);
        answer.ShouldStartWith("HTTP/1.1 200 ");
        answer.ShouldEndWith("\r\n\r\nok");
    }

    private static async Task<string> AskAsync(Socket client)
    {
        await client.SendAsync(Get);
        return await ReceiveAsync(client);
    }

    /// <summary>What a client that says nothing hears first; empty when it hears nothing.</summary>
    private static async Task<string> HearAsync(Socket client, int port)
    {
        await client.ConnectAsync(IPAddress.Loopback, port);
        return await ReceiveAsync(client);
    }

    private static async Task<string> ReceiveAsync(Socket client)
    {
        byte[] buffer = new byte[1000];
        Task<int> receiving = client.ReceiveAsync(buffer);
        return await Task.WhenAny(receiving, Task.Delay(5000)) == receiving ? Encoding.Latin1.GetString(buffer, 0, await receiving) : "";
    }
}
