using Headgate.Core.Config;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>Shares and losses over many requests.</summary>
public sealed class BalancingTests
{
    private static readonly byte[] Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray();

    [Fact]
    public async Task WeightedNodes_HundredThousandRequestsFromEightClients_ExactShares()
    {
        await using ScriptedNode a = ScriptedNode.StartAnswering("a");
        await using ScriptedNode b = ScriptedNode.StartAnswering("b");
        await using ScriptedNode c = ScriptedNode.StartAnswering("c");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync();
        gateway.Put(ResourceKind.Upstream, "u", $"{{\"nodes\":{{\"127.0.0.1:{a.Port}\":5,\"127.0.0.1:{b.Port}\":3,\"127.0.0.1:{c.Port}\":2}}}}");
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        int[] counts = new int[3];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            using var client = new RawClient(await gateway.ConnectAsync());
            for (int i = 0; i < 12_500; i++)
            {
                (int status, ReadOnlyMemory<byte> body) = await client.AskAsync(Get);
                status.ShouldBe(200);
                Interlocked.Increment(ref counts[body.Span[0] - 'a']);
            }
        })));
        counts.ShouldBe([50_000, 30_000, 20_000]);
    }

    [Fact]
    public async Task Ewma_SlowAndFastNode_ShareShiftsToTheFastOneAndNoRequestFailsWhenItGoes()
    {
        ScriptedNode fast = ScriptedNode.StartAnswering("f");
        await using ScriptedNode slow = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is not null)
            {
                await Task.Delay(25, peer.Stopping); // the node's work; the test waits for nothing by it
                await peer.AnswerAsync("s");
            }
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([slow.Port, fast.Port], ",\"type\":\"ewma\"");
        using var client = new RawClient(await gateway.ConnectAsync());

        // Both are measured by their first answers; from then on the slow one loses every comparison until it is forgotten, half a minute later.
        await Eventually.HoldsAsync(async () => await CountAsync(client, 's') <= 1, "nearly all of 40 requests to the fast node");
        await fast.DisposeAsync();

        // It refuses: each such try counts a second at least, far above the slow node's time.
        await Eventually.HoldsAsync(async () => await CountAsync(client, 's') == 40, "all requests to the node that is left");
        await Eventually.HoldsAsync(
            async () =>
            {
                long failed = gateway.Plane.Counters.Tries(AttemptFailure.Refused);
                return await CountAsync(client, 's') == 40 && gateway.Plane.Counters.Tries(AttemptFailure.Refused) <= failed + 1;
            },
            "hardly a try of the node that refuses");
    }

    /// <summary>How many of 40 requests, all answered 200, were answered so.</summary>
    private static async Task<int> CountAsync(RawClient client, char answer)
    {
        int count = 0;
        for (int i = 0; i < 40; i++)
        {
            (int status, ReadOnlyMemory<byte> body) = await client.AskAsync(Get);
            status.ShouldBe(200);
            count += body.Span[0] == answer ? 1 : 0;
        }

        return count;
    }

    [Fact]
    public async Task NodeKilledInTheMiddle_NoGetFails()
    {
        ScriptedNode[] nodes = [.. Enumerable.Range(0, 3).Select(i => ScriptedNode.StartAnswering("n" + i))];
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync(nodes.Select(node => node.Port));
        int done = 0;
        Task[] clients = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            using var client = new RawClient(await gateway.ConnectAsync());
            for (int i = 0; i < 2_000; i++)
            {
                int status = (await client.AskAsync(Get)).Status;
                status.ShouldBe(200);
                Interlocked.Increment(ref done);
            }
        }))];
        await Eventually.HoldsAsync(() => Volatile.Read(ref done) > 1_000 || clients.Any(c => c.IsFaulted), "traffic");
        await nodes[1].DisposeAsync();
        await Task.WhenAll(clients);
        done.ShouldBe(8_000);
        await nodes[0].DisposeAsync();
        await nodes[2].DisposeAsync();
    }
}
