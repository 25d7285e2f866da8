using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Snapshot;
using Headgate.Core.Snapshot.Explain;
using Headgate.Core.Tests.LoadBalancing;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Snapshot.Explain;

/// <summary>What is foretold is what happens, and foretelling changes nothing.</summary>
public sealed class ExplainTests : IDisposable
{
    private static readonly HealthThresholds Once = new(1, 1, 1, 1);
    private readonly Gateway _gateway = new();
    private int _port = 80;

    public void Dispose() => _gateway.Dispose();

    /// <summary>
    /// Upstreams of every policy, with random weights, priorities, states and loads: before each pick it is explained, twice, and the pick is the one foretold, also for the
    /// tries after it. Policies that draw at random are foretold too for as long as nobody else draws, which is so here.
    /// </summary>
    [Theory]
    [InlineData("roundrobin")]
    [InlineData("chash")]
    [InlineData("least_conn")]
    [InlineData("ewma")]
    [InlineData("p2c")]
    [InlineData("random")]
    [InlineData("maglev")]
    [InlineData("roundrobin", ",\"max_requests\":3,\"warm_up_conf\":{\"slow_start_time_seconds\":60,\"min_weight_percent\":1}")]
    [InlineData("roundrobin", ",\"panic_threshold\":60")]
    [InlineData("least_conn", ",\"subset\":{\"keys\":{\"zone\":\"http_x_zone\"}}")]
    public void Explain_AnyUpstream_NamesTheNodesThatTheNextRequestGets(string type, string more = "")
    {
        var random = new Random(TestSeed.Value);
        for (int round = 0; round < 40; round++)
        {
            _port = round + 1; // nodes that nothing has happened to yet
            UpstreamSnapshot upstream = PutRandom(type, random, more);
            for (int i = 0; i < 12; i++)
            {
                TestRequest request = From(random.Next()).With("x-zone", random.Next(2) == 0 ? "a" : "b");
                string foretold = Names(Explain(request).Upstream!.Picks);
                Names(Explain(request).Upstream!.Picks).ShouldBe(foretold);
                Names(PickAll(upstream, request)).ShouldBe(foretold, $"round {round}, pick {i}, HEADGATE_SEED={TestSeed.Value}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(PolicyContractTests.Policies), MemberType = typeof(PolicyContractTests))]
    public void Score_OfOneNode_IsTheOneThatItHasAmongAll(string type)
    {
        UpstreamSnapshot upstream = Put($"\"type\":\"{type}\",\"key\":\"uri\"", ("10.0.0.1", 2, 0), ("10.0.0.2", 1, 0));
        for (int i = 0; i < 2; i++)
        {
            upstream.Nodes[i].State.BeginTry();
            upstream.Nodes[i].State.Latency.Observe(10 + i, 1000);
        }

        ILoadBalancingPolicy policy = LoadBalancingPolicies.Get(type);
        upstream.Nodes.Select(node => policy.Score(node, 1000)).ShouldBe(policy.Scores(upstream.Nodes, 1000)?.Select(static score => (double?)score) ?? [null, null]);
    }

    [Fact]
    public void Explain_NodesLeftOut_SaysWhichAndSinceWhen()
    {
        UpstreamSnapshot upstream = Put("\"type\":\"roundrobin\"", ("10.0.0.1", 2, 1), ("10.0.0.2", 1, 1), ("10.0.0.3", 0, 1), ("10.0.0.4", 1, 0), ("10.0.0.5", 1, 1));
        var down = new NodeChange(_gateway.Time.GetUtcNow(), NodeChangeKind.Unhealthy, "probe", "the connection was refused");
        NodeState first = upstream.Nodes[0].State;
        first.Health.Report(HealthEvent.TcpFailure, Once);
        first.Exclude(NodeExclusions.Draining);
        first.Timeline.Add(new NodeChange(_gateway.Time.GetUtcNow(), NodeChangeKind.Unhealthy, "probe", "an earlier one"));
        first.Timeline.Add(down);
        upstream.Nodes[4].State.IsForcedUp = true;
        upstream.Nodes[4].State.Exclude(NodeExclusions.Ejected);

        RequestExplanation explanation = Explain(From(1));

        explanation.Status.ShouldBeNull();
        explanation.Route!.Config.Id.ShouldBe("1");
        UpstreamExplanation explained = explanation.Upstream!;
        explained.Upstream.Owner.ShouldBe("upstreams/1");
        (explained.DrawsAtRandom, explained.UsesUnusable, explained.Key).ShouldBe((false, false, null));
        explained.Candidates.Select(candidate => candidate.Standing).ShouldBe([
            CandidateStanding.LeftOut, CandidateStanding.InUse, CandidateStanding.Reserve, CandidateStanding.Reserve, CandidateStanding.InUse]);
        explained.Candidates[0].Reasons.ShouldBe([(NodeExclusions.Unhealthy, down), (NodeExclusions.Draining, null)]);
        explained.Candidates[4].Reasons.ShouldBe([(NodeExclusions.Ejected, null)]);
    }

    [Theory]
    [InlineData("chash")]
    [InlineData("maglev")]
    public void Explain_KeyOfANodeThatIsLeftOut_NamesItAndWhoGetsTheKeyInstead(string type)
    {
        UpstreamSnapshot upstream = Put($"\"type\":\"{type}\",\"key\":\"remote_addr\"", ("10.0.0.1", 1, 0), ("10.0.0.2", 1, 0), ("10.0.0.3", 1, 0));
        TestRequest request = From(7);
        NodeSnapshot owner = Explain(request).Upstream!.Picks[0];

        owner.State.Health.Report(HealthEvent.Timeout, Once);

        UpstreamExplanation explained = Explain(request).Upstream!;
        explained.Key!.Node.ShouldBe(owner);
        explained.Key.Text.ShouldBe("0.0.0.7");
        explained.Key.Position.ShouldBeInRange(0, explained.Key.Positions - 1);
        explained.Picks.ShouldNotContain(owner);
        upstream.RefreshUsable();
        Names(PickAll(upstream, request)).ShouldBe(Names(explained.Picks));
    }

    [Fact]
    public void Explain_NoNodeUsable_AllAreUsed_AndWithdrawnOnesAreNot()
    {
        UpstreamSnapshot upstream = Put("\"retries\":9", ("10.0.0.1", 1, 0), ("10.0.0.2", 1, 0));
        upstream.Nodes[0].State.Health.Report(HealthEvent.TcpFailure, Once);
        upstream.Nodes[1].State.Exclude(NodeExclusions.ForcedDown);

        UpstreamExplanation explained = Explain(From(1)).Upstream!;

        explained.UsesUnusable.ShouldBeTrue();
        explained.Candidates.Select(candidate => candidate.Standing).ShouldBe([CandidateStanding.InUse, CandidateStanding.LeftOut]);
        explained.Picks.Select(node => node.Index).Distinct().ShouldBe([0]);
        explained.Picks.Count.ShouldBe(10); // the round begins anew, and no more than this many are foretold
        upstream.Nodes[0].State.Exclude(NodeExclusions.ForcedDown);
        RequestExplanation none = Explain(From(1));
        (none.Status, none.Refusal, none.Upstream!.UsesUnusable).ShouldBe((503, "no node of the upstream may be used", false));
    }

    [Theory]
    [InlineData("/no", 404, "no route matches", null)]
    [InlineData("/service", 404, "the route's service \"s\" does not exist", "service")]
    [InlineData("/none", 503, "the route has no upstream", "none")]
    [InlineData("/missing", 502, "the route's upstream does not exist", "missing")]
    [InlineData("/plugin", 503, "the route names a plugin that this gateway does not have", "plugin")]
    public void Explain_WhatTheGatewayAnswersItself_SaysSo(string path, int status, string refusal, string? route)
    {
        _gateway.Put(
            ("routes/service", """{"uri":"/service","service_id":"s"}"""), ("routes/none", """{"uri":"/none","plugins":{}}"""),
            ("routes/missing", """{"uri":"/missing","upstream_id":"7"}"""), ("routes/plugin", """{"uri":"/plugin","plugins":{"no-such":{}},"upstream":{"nodes":{"a.test:80":1}}}"""));

        RequestExplanation explanation = _gateway.Snapshot.Explain(new TestRequest("a.test", path), nowMs: 0);

        (explanation.Status, explanation.Refusal, explanation.Route?.Config.Id, explanation.Upstream).ShouldBe((status, refusal, route, null));
        explanation.Revision.ShouldBe(_gateway.Snapshot.Revision);
    }

    [Fact]
    public void Explain_PolicyThatCompares_GivesWhatItCompares()
    {
        UpstreamSnapshot upstream = Put("\"type\":\"least_conn\"", ("10.0.0.1", 2, 0), ("10.0.0.2", 1, 0));
        upstream.Nodes[0].State.BeginTry();
        Explain(From(1)).Upstream!.Candidates.Select(candidate => candidate.Score).ShouldBe([1, 1]);
        Put("\"type\":\"p2c\"", ("10.0.0.1", 2, 0), ("10.0.0.2", 1, 0));
        Explain(From(1)).Upstream!.Candidates.Select(candidate => candidate.Score).ShouldBe([0.5, 0]);
        upstream = Put("\"type\":\"ewma\"", ("10.0.0.1", 2, 0), ("10.0.0.2", 1, 0));
        upstream.Nodes[0].State.Latency.Observe(latencyMs: 30, nowMs: 0);
        Explain(From(1)).Upstream!.Candidates.Select(candidate => Math.Round(candidate.Score!.Value, 3)).ShouldBe([30, 30]); // the second counts with the first's
        Put("\"type\":\"random\"", ("10.0.0.1", 2, 0), ("10.0.0.2", 1, 0));
        Explain(From(1)).Upstream!.Candidates.Select(candidate => candidate.Score).ShouldBe([null, null]);
    }

    private static TestRequest From(int client) => new("a.test", "/a", clientAddress: $"{(byte)(client >> 24)}.{(byte)(client >> 16)}.{(byte)(client >> 8)}.{(byte)client}");

    private static string Names(IEnumerable<NodeSnapshot> nodes) => string.Join(' ', nodes.Select(node => node.Index));

    /// <summary>The picks of a request all of whose tries fail, as the pipeline makes them.</summary>
    private static List<NodeSnapshot> PickAll(UpstreamSnapshot upstream, TestRequest request)
    {
        var picks = new List<NodeSnapshot>();
        TriedNodes tried = default;
        var context = new PickContext(ref tried, request);
        for (int tries = 0; tries < Math.Min(upstream.TriesMax, UpstreamExplanation.PicksMax); tries++)
        {
            NodeSnapshot? node = upstream.Pick(ref context);
            if (node is null && tried.Count > 0)
            {
                tried.Clear();
                node = upstream.Pick(ref context);
            }

            if (node is null)
                break;
            picks.Add(node);
            tried.Add(node.Index);
            if (upstream.Queue is not null)
                upstream.GiveBack(node);
        }

        return picks;
    }

    private RequestExplanation Explain(TestRequest request) => _gateway.Snapshot.Explain(request, nowMs: 0);

    private UpstreamSnapshot PutRandom(string type, Random random, string more)
    {
        int count = random.Next(1, 7);
        string bound = type is "chash" or "maglev" && random.Next(2) == 0 ? ",\"hash_balance_factor\":125" : "";
        UpstreamSnapshot upstream = Put(
            $"\"type\":\"{type}\",\"retries\":{random.Next(0, 9)}{bound}{more}{(type is "chash" or "maglev" ? ",\"key\":\"remote_addr\"" : "")}",
            [.. Enumerable.Range(1, count).Select(i => ($"10.0.0.{i}", random.Next(0, 4), random.Next(0, 2)))]);
        foreach (NodeSnapshot node in upstream.Nodes)
        {
            if (random.Next(3) == 0)
                node.State.Health.Report(HealthEvent.TcpFailure, Once);
            if (random.Next(6) == 0)
                node.State.Exclude(NodeExclusions.Draining);
            for (int tries = random.Next(3); tries > 0; tries--)
                node.State.BeginTry();
            for (int permits = random.Next(4); upstream.Queue is not null && permits > 0; permits--)
                node.State.Permits.TryTake();
            if (upstream.Config.WarmUp is not null)
                node.State.Share.Set(PickShareCause.SlowStart, random.Next(1, PickShare.Full));
            if (random.Next(2) == 0)
                node.State.Latency.Observe(random.Next(1, 50), nowMs: 0);
        }

        upstream.RefreshUsable();
        return upstream;
    }

    private UpstreamSnapshot Put(string more, params (string Host, int Weight, int Priority)[] nodes)
    {
        string list = string.Join(',', nodes.Select(node => $$"""{"host":"{{node.Host}}","port":{{_port}},"weight":{{node.Weight}},"priority":{{node.Priority}},"metadata":{"zone":"{{(node.Weight % 2 == 0 ? "a" : "b")}}"} }"""));
        return _gateway.PutUpstream($$"""{{{more}},"nodes":[{{list}}],"checks":{"active":{} } }""");
    }
}
