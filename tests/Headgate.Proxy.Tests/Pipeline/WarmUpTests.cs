using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>A cold node's part of real requests, on a clock that the test moves.</summary>
public sealed class WarmUpTests
{
    private const int Requests = 3000;
    private const string Conf = ""","warm_up_conf":{"slow_start_time_seconds":100,"min_weight_percent":10}""";
    private static readonly byte[] Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray();

    [Fact]
    public async Task NodeThatJoins_TakesItsShareAsItGrows()
    {
        var time = new ManualTimeProvider();
        await using ScriptedNode warm = ScriptedNode.StartAnswering("a");
        await using ScriptedNode cold = ScriptedNode.StartAnswering("b");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(null, time: time);
        gateway.PutUpstream("u", [warm.Port], Conf);
        gateway.Put(Headgate.Core.Config.ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        gateway.PutUpstream("u", [warm.Port, cold.Port], Conf);
        using var client = new RawClient(await gateway.ConnectAsync());

        // Of two equal nodes one at share s gets s/2.
        await ShouldTakeAsync(client, 0.05);
        time.Advance(TimeSpan.FromSeconds(50));
        await ShouldTakeAsync(client, 0.25);
        time.Advance(TimeSpan.FromSeconds(50));
        (await CountAsync(client)).ShouldBe(Requests / 2);

        NodeState node = gateway.Plane.Upstreams.Find("upstreams/u")!.Nodes[1].State;
        node.Exclude(NodeExclusions.Draining);
        gateway.Plane.Upstreams.OnChanged(node, new NodeChange(time.GetUtcNow(), NodeChangeKind.DrainBegun, "test", "a rest"));
        await Eventually.HoldsAsync(async () => await CountAsync(client) == 0, "the node is out");
        node.Admit(NodeExclusions.Draining);
        gateway.Plane.Upstreams.OnChanged(node, new NodeChange(time.GetUtcNow(), NodeChangeKind.DrainEnded, "test", "rested"));
        await Eventually.HoldsAsync(async () => await CountAsync(client) > 0, "the node is back");
        await ShouldTakeAsync(client, 0.05);
    }

    [Fact]
    public async Task ColdNodeIsTheOnlyOneThatAnswers_NoRequestFails()
    {
        int refusing = ScriptedNode.RefusingPort(out IDisposable holder);
        using IDisposable held = holder;
        await using ScriptedNode cold = ScriptedNode.StartAnswering("b");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([refusing], Conf);
        gateway.PutUpstream("u", [refusing, cold.Port], Conf);
        using var client = new RawClient(await gateway.ConnectAsync());

        (await CountAsync(client)).ShouldBe(Requests);
    }

    private static async Task ShouldTakeAsync(RawClient client, double part)
    {
        double off = 6 * Math.Sqrt(Requests * part * (1 - part));
        ((double)await CountAsync(client)).ShouldBeInRange((Requests * part) - off, (Requests * part) + off);
    }

    /// <summary>Requests that the node which says b answered.</summary>
    private static async Task<int> CountAsync(RawClient client)
    {
        int count = 0;
        for (int i = 0; i < Requests; i++)
        {
            (int status, ReadOnlyMemory<byte> body) = await client.AskAsync(Get);
            status.ShouldBe(200);
            count += body.Span[0] == 'b' ? 1 : 0;
        }

        return count;
    }
}
