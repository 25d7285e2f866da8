using System.Net;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Snapshot;
using Headgate.Core.Tests.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.LoadBalancing;

/// <summary>
/// Shares of picks while a node warms up, against what follows on paper. A node of weight fraction w that takes a share s keeps w·s of all picks, and what it passes
/// up goes to the others by weight: one of weight fraction v gets v·(1 − w·s) / (1 − w). (Scaling its weight by s, as Envoy does, would leave it w·s / (1 − w + w·s), which is
/// more: here the share is of the traffic, not of the weight.)
/// </summary>
public sealed class WarmingPickTests : IDisposable
{
    private const int Picks = 60_000;
    private readonly Gateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("roundrobin")]
    [InlineData("random")]
    [InlineData("p2c")]
    [InlineData("ewma")]
    [InlineData("least_conn")]
    public void Pick_ThreeEqualIdleNodesOneAtHalf_OneSixthAndTheRestEven(string type)
    {
        UpstreamSnapshot upstream = Put(type, (1, 0), (1, 0), (1, 0));
        Warm(upstream, 1, 5000);

        Balancing.ShouldFollow(Count(upstream), [5 / 12.0, 1 / 6.0, 5 / 12.0]);
    }

    [Theory]
    [InlineData("roundrobin")]
    [InlineData("random")]
    public void Pick_Weights_TheShareIsOfTheWeightAndTheRestGoesByWeight(string type)
    {
        // w = 0.5, s = 0.2: 0.1 stays, the others get 0.3 · 0.9 / 0.5 and 0.2 · 0.9 / 0.5.
        UpstreamSnapshot upstream = Put(type, (5, 0), (3, 0), (2, 0));
        Warm(upstream, 0, 2000);

        Balancing.ShouldFollow(Count(upstream), [0.1, 0.54, 0.36]);
    }

    [Fact]
    public void Pick_TwoOfThreeWarmUp_FollowsTheSumOverTheOrders()
    {
        // Each third: the warm node keeps what it is picked for. A cold one (s = 1/2) passes half on, half of that to the other cold one, which passes half of it on to the
        // warm one. So a cold node gets 1/3·1/2 + 1/3·1/2·1/2·1/2 = 5/24, the warm one 14/24.
        UpstreamSnapshot upstream = Put("random", (1, 0), (1, 0), (1, 0));
        Warm(upstream, 0, 5000);
        Warm(upstream, 1, 5000);

        Balancing.ShouldFollow(Count(upstream), [5 / 24.0, 5 / 24.0, 14 / 24.0]);
    }

    [Theory]
    [InlineData("roundrobin")]
    [InlineData("least_conn")]
    [InlineData("random")]
    public void Pick_AllWarmUpAlike_SharesAsIfNoneDid(string type)
    {
        UpstreamSnapshot upstream = Put(type, (1, 0), (1, 0), (1, 0));
        for (int i = 0; i < 3; i++)
            Warm(upstream, i, 100);

        Balancing.ShouldFollow(Count(upstream), [1 / 3.0, 1 / 3.0, 1 / 3.0]);
    }

    [Theory]
    [InlineData("chash")]
    [InlineData("maglev")]
    public void Pick_Hashing_AShareOfItsKeysStaysAndNoOtherKeyMoves(string type)
    {
        UpstreamSnapshot upstream = Put(type, (1, 0), (1, 0), (1, 0));
        TestRequest[] requests = [.. Enumerable.Range(0, 9000).Select(i => new TestRequest("a.test", "/", clientAddress: new IPAddress(unchecked((uint)i * 2_654_435_761)).ToString()))];
        int[] warm = PickAll(upstream, requests);
        NodeState cold = upstream.Nodes[1].State;
        cold.Exclude(NodeExclusions.Ejected);
        upstream.RefreshUsable();
        int[] without = PickAll(upstream, requests);
        cold.Admit(NodeExclusions.Ejected);
        upstream.RefreshUsable();

        int[] before = without;
        foreach (int share in (int[])[0, 1000, 2500, 7500, 9900, PickShare.Full])
        {
            Warm(upstream, 1, share);
            int[] now = PickAll(upstream, requests);

            PickAll(upstream, requests).ShouldBe(now); // no chance in it
            for (int i = 0; i < requests.Length; i++)
            {
                now[i].ShouldBe(now[i] == 1 ? warm[i] : without[i]); // its own keys, or where they go without it
                if (before[i] == 1)
                    now[i].ShouldBe(1); // what it has it keeps
            }

            int own = warm.Count(node => node == 1), kept = now.Count(node => node == 1);
            double off = 6 * Math.Sqrt(own * share / 10_000.0 * (1 - (share / 10_000.0)));
            ((double)kept).ShouldBeInRange((own * share / 10_000.0) - off, (own * share / 10_000.0) + off, $"share {share}");
            before = now;
        }

        before.ShouldBe(warm);
    }

    [Fact]
    public void Pick_HashingOverReorderedNodes_KeysDecideAsBefore()
    {
        TestRequest[] requests = [.. Enumerable.Range(0, 2000).Select(i => new TestRequest("a.test", "/", clientAddress: new IPAddress(unchecked((uint)i * 2_654_435_761)).ToString()))];
        UpstreamSnapshot upstream = Put("chash", (1, 0), (1, 0), (1, 0));
        Warm(upstream, 1, 3000);
        string[] before = [.. PickAll(upstream, requests).Select(node => upstream.Nodes[node].Config.Host)];

        _gateway.Put("upstreams/1", """{"type":"chash","key":"remote_addr","warm_up_conf":{"slow_start_time_seconds":60,"min_weight_percent":1},"nodes":{"10.0.0.3:80":1,"10.0.0.2:80":1,"10.0.0.1:80":1}}""");
        UpstreamSnapshot after = _gateway.Upstream("/a");

        PickAll(after, requests).Select(node => after.Nodes[node].Config.Host).ShouldBe(before);
    }

    [Theory]
    [InlineData("least_conn")]
    [InlineData("p2c")]
    [InlineData("ewma")]
    public void Pick_LastingRequests_NoFloodOnTheColdNode(string type)
    {
        // 300 requests that stay, three nodes, one at a tenth: at most a tenth of its third, 10, may be under way at it, while it is by far the idlest. Offered nearly every
        // pick and taking each tenth, it would end near 30 by least_conn.
        UpstreamSnapshot upstream = Put(type, (1, 0), (1, 0), (1, 0));
        Warm(upstream, 2, 1000);

        for (int i = 0; i < 300; i++)
            Pick(upstream)!.State.BeginTry();

        upstream.Nodes[2].State.InFlight.ShouldBeInRange(5, 10);
        (upstream.Nodes[0].State.InFlight - upstream.Nodes[1].State.InFlight).ShouldBeInRange(-30, 30);
    }

    [Fact]
    public void Pick_OnlyColdNodesInTheTier_TheLowerTierStaysUnused()
    {
        UpstreamSnapshot upstream = Put("roundrobin", (1, 1), (1, 1), (1, 0));
        Warm(upstream, 0, 0);
        Warm(upstream, 1, 0);

        Count(upstream, 100).ShouldBe([50, 50, 0]);
    }

    [Fact]
    public void Pick_OnlyNodeAtShareZero_IsGiven()
    {
        UpstreamSnapshot upstream = Put("roundrobin", (1, 0));
        Warm(upstream, 0, 0);

        Count(upstream, 10).ShouldBe([10]);
    }

    [Theory]
    [InlineData("roundrobin")]
    [InlineData("chash")]
    [InlineData("least_conn")]
    [InlineData("p2c")]
    public void Pick_RetryWithOnlyTheColdNodeLeft_IsGivenItOnce(string type)
    {
        UpstreamSnapshot upstream = Put(type, (1, 0), (1, 0), (1, 0));
        Warm(upstream, 1, 0);
        TriedNodes tried = default;
        tried.Add(0);
        tried.Add(2);

        Pick(upstream, tried)!.Index.ShouldBe(1);
        tried.Add(1);
        Pick(upstream, tried).ShouldBeNull();
    }

    [Fact]
    public void Pick_OneNodeWarmsUp_AllocatesNothing()
    {
        UpstreamSnapshot upstream = Put("least_conn", (1, 0), (1, 0), (1, 0));
        Warm(upstream, 1, 100);

        Allocation.Of(() =>
        {
            for (int i = 0; i < 10_000; i++)
                Pick(upstream);
        }).ShouldBe(0);
    }

    private static void Warm(UpstreamSnapshot upstream, int node, int share) => upstream.Nodes[node].State.Share.Set(PickShareCause.SlowStart, share);

    private static int[] PickAll(UpstreamSnapshot upstream, TestRequest[] requests) => [.. requests.Select(request =>
    {
        TriedNodes none = default;
        var context = new PickContext(in none, request);
        return upstream.Pick(ref context)!.Index;
    })];

    private static NodeSnapshot? Pick(UpstreamSnapshot upstream, TriedNodes tried = default)
    {
        var context = new PickContext(in tried, Balancing.AnyRequest) { NowMs = 1 };
        return upstream.Pick(ref context);
    }

    private static int[] Count(UpstreamSnapshot upstream, int picks = Picks)
    {
        int[] counts = new int[upstream.Nodes.Count];
        for (int i = 0; i < picks; i++)
            counts[Pick(upstream)!.Index]++;
        return counts;
    }

    private UpstreamSnapshot Put(string type, params (int Weight, int Priority)[] nodes)
    {
        string list = string.Join(',', nodes.Select((node, i) => $$"""{"host":"10.0.0.{{i + 1}}","port":80,"weight":{{node.Weight}},"priority":{{node.Priority}}}"""));
        const string more = "\"key\":\"remote_addr\",\"warm_up_conf\":{\"slow_start_time_seconds\":60,\"min_weight_percent\":1}";
        return _gateway.PutUpstream($$"""{"type":"{{type}}",{{more}},"nodes":[{{list}}]}""");
    }
}
