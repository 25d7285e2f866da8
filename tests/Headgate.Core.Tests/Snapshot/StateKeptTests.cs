using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>The contract: an edit that keeps a node keeps what has been learnt about it, and the turn of its tier, whatever else it changes.</summary>
public sealed class StateKeptTests : IDisposable
{
    private const string Nodes = """[{"host":"10.0.0.1","port":80,"weight":1},{"host":"b.test","port":81,"weight":1},{"host":"10.0.0.3","port":82,"weight":1}]""";
    private const string Checks = "\"checks\":{\"active\":{}}";

    /// <summary>
    /// One row an editable field of an upstream (docs/reference/state.md says the same in a table): further members of the edited object. A member of the schema
    /// without a row fails <see cref="Edits_EveryFieldOfTheSchema_HasARow"/>.
    /// </summary>
    private static readonly string[] FieldEdits =
    [
        "\"name\":\"n\"", "\"desc\":\"d\"", "\"labels\":{\"a\":\"b\"}", "\"type\":\"least_conn\"", "\"type\":\"chash\",\"key\":\"uri\"",
        "\"type\":\"ewma\"", "\"type\":\"p2c\"", "\"type\":\"random\"", "\"type\":\"maglev\",\"key\":\"uri\"",
        "\"type\":\"chash\",\"hash_on\":\"header\",\"key\":\"x-user\"", "\"type\":\"chash\",\"key\":\"uri\",\"hash_balance_factor\":150",
        "\"checks\":{\"active\":{\"type\":\"tcp\",\"unhealthy\":{\"tcp_failures\":9}},\"passive\":{}}",
        "\"retries\":0", "\"retries\":9", "\"retry_timeout\":3", "\"retry_on\":[\"5xx\"]", "\"retriable_status_codes\":[429]", "\"retry_non_idempotent\":true",
        "\"per_try_timeout\":1", "\"retry_back_off\":{\"base_interval\":1}", "\"retry_budget\":{\"budget_percent\":5}", "\"per_request_buffer_limit_bytes\":0",
        "\"circuit_breaker\":{}", "\"hedging_policy\":{\"hedging_delay\":0.1}", "\"timeout\":{\"connect\":1,\"send\":2,\"read\":3}", "\"scheme\":\"https\"",
        "\"pass_host\":\"node\"", "\"pass_host\":\"rewrite\",\"upstream_host\":\"x.test\"", "\"keepalive_pool\":{\"size\":1,\"idle_timeout\":5,\"requests\":2}",
        "\"tls\":{\"verify\":true}", "\"scheme\":\"https\",\"tls\":{\"verify\":true}",
        "\"outlier_detection\":{\"consecutive_5xx\":5}", "\"outlier_detection\":{\"latency_factor\":3},\"panic_threshold\":50,\"fail_traffic_on_panic\":true",
        "\"max_requests\":5", "\"max_requests\":5,\"queue\":{\"size\":3}", "\"warm_up_conf\":{\"slow_start_time_seconds\":60,\"min_weight_percent\":1}",
        "\"type\":\"chash\",\"key\":\"uri\",\"hash_fallback\":\"header\",\"hash_fallback_key\":\"x-user\"",
        "\"sticky\":{\"cookie\":{}}", "\"rate_limit\":{\"rate\":5}", "\"request_headers\":{\"remove\":[\"cookie\"]}",
    ];

    private static readonly HealthThresholds Once = new(1, 1, 1, 1);
    private static readonly HealthThresholds Thrice = new(3, 3, 3, 3);
    private readonly Gateway _gateway = new();

    /// <summary>The edited objects. Owners: a named upstream, a route's and a service's inline one.</summary>
    public static TheoryData<string, string> Edits { get; } = MakeEdits();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [MemberData(nameof(Edits))]
    public void Apply_EditThatKeepsTheNodes_KeepsStatesEndpointsAndTurn(string owner, string upstream)
    {
        Put(owner, $$"""{"nodes":{{Nodes}},{{Checks}}}""");
        UpstreamSnapshot before = _gateway.Upstream("/a");
        var change = new NodeChange(_gateway.Time.GetUtcNow(), NodeChangeKind.Healthy, "probe", "the answer was 200");
        before.Nodes[1].State.Timeline.Add(change);
        before.Nodes[1].State.Health.Report(HealthEvent.HttpFailure, Thrice);
        EndpointState[] endpoints = [.. before.Nodes.SelectMany(node => node.State.Endpoints)];
        endpoints[0].Node.BeginTry();
        before.Nodes[0].State.Latency.Observe(latencyMs: 25, nowMs: 7);
        before.Nodes[0].State.Permits.TryTake().ShouldBeTrue();
        before.Nodes[0].State.Share.Set(PickShareCause.Trial, 9_999);
        before.Nodes[0].State.WarmUp.BegunAt = _gateway.Time.GetUtcNow();
        Pick(before).ShouldBe(0);

        Put(owner, upstream);

        _gateway.Compiler.Rejected.ShouldBeEmpty();
        UpstreamSnapshot after = _gateway.Upstream("/a");
        after.ShouldNotBeSameAs(before);
        foreach (NodeSnapshot node in before.Nodes)
            after.Nodes.Single(kept => kept.Config.Host == node.Config.Host).State.ShouldBeSameAs(node.State);
        foreach (EndpointState endpoint in endpoints)
            endpoint.Node.Endpoints.ShouldContain(endpoint);
        after.Nodes.Single(node => node.Config.Host == "10.0.0.1").State.InFlight.ShouldBe(1);
        after.Nodes.Single(node => node.Config.Host == "10.0.0.1").State.Latency.ReadMs(expectedMs: 1, nowMs: 7).ShouldBe(25);
        NodeState first = after.Nodes.Single(node => node.Config.Host == "10.0.0.1").State;
        (first.Permits.Taken, first.Share.Effective, first.WarmUp.BegunAt).ShouldBe((1, 9_999, _gateway.Time.GetUtcNow()));
        NodeState pending = after.Nodes.Single(node => node.Config.Host == "b.test").State;
        pending.Health.Counters.ShouldBe(new HealthCounters(HealthStatus.MostlyHealthy, 0, 1, 0, 0));
        pending.Changes.ShouldBe([change]);
        after.MeasuresLatency.ShouldBe(after.Config.Type == "ewma");
        _gateway.Nodes.Take().ShouldNotContain(call => call.StartsWith("removed", StringComparison.Ordinal));
        if (after.Config.Type == "roundrobin" && after.Nodes.All(node => node.Config is { Weight: 1, Priority: 0 }))
            Pick(after).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Edits))]
    public void Apply_EditThatKeepsTheNodes_KeepsLeavingOutWhatWasLeftOut(string owner, string upstream)
    {
        Put(owner, $$"""{"nodes":{{Nodes}},{{Checks}}}""");
        IReadOnlyList<NodeSnapshot> before = _gateway.Upstream("/a").Nodes;
        before[0].State.Health.Report(HealthEvent.TcpFailure, Once);
        before[1].State.Exclude(NodeExclusions.Draining);
        before[2].State.IsForcedUp = true;
        before[2].State.Exclude(NodeExclusions.Ejected);

        Put(owner, upstream);

        UpstreamSnapshot after = _gateway.Upstream("/a");
        NodeState[] states = [.. ((string[])["10.0.0.1", "b.test", "10.0.0.3"]).Select(host => after.Nodes.Single(node => node.Config.Host == host).State)];
        states.Select(state => state.Exclusions).ShouldBe([NodeExclusions.Unhealthy, NodeExclusions.Draining, NodeExclusions.Ejected]);
        for (int i = 0; i < 4; i++)
            after.Nodes[Pick(after)].Config.Host.ShouldBe("10.0.0.3"); // forced up: the only one left
    }

    [Fact]
    public void Edits_EveryFieldOfTheSchema_HasARow()
    {
        string[] withoutBehaviour = ["id", "create_time", "update_time", "nodes", "service_name", "discovery_type", "discovery_args", "service_registry_id"];
        using JsonDocument schema = JsonDocument.Parse(ConfigSchemas.Get(ResourceKind.Upstream));

        string[] fields = [.. schema.RootElement.GetProperty("properties").EnumerateObject().Select(field => field.Name).Except(withoutBehaviour)];

        fields.Except(["subset", "zone_aware"]).Where(field => !FieldEdits.Any(edit => edit.Contains($"\"{field}\":", StringComparison.Ordinal))).ShouldBeEmpty();
    }

    [Fact]
    public void Apply_NodeUnhealthyWhileChecksWereTakenAway_ComesBackHealthy()
    {
        Put("upstreams", $$"""{"nodes":{{Nodes}},{{Checks}}}""");
        NodeState node = _gateway.Upstream("/a").Nodes[0].State;
        node.Health.Report(HealthEvent.TcpFailure, Once);

        Put("upstreams", """{"nodes":{"b.test:81":1}}""");
        Put("upstreams", $$"""{"nodes":{{Nodes}}}""");

        _gateway.Upstream("/a").Nodes[0].State.ShouldBeSameAs(node);
        node.Exclusions.ShouldBe(NodeExclusions.None); // nobody would ever find it healthy again
        node.Changes.ShouldBe([new NodeChange(_gateway.Time.GetUtcNow(), NodeChangeKind.Healthy, "configuration", "its upstream has no health checks any more")]);
    }

    [Theory]
    [InlineData("""{"nodes":[{"host":"10.0.0.1","port":80,"weight":5}]}""")]
    [InlineData("""{"nodes":[{"host":"new.test","port":80,"weight":1},{"host":"10.0.0.1","port":80,"weight":1}]}""")]
    public void Apply_OtherNodesComeAndGo_KeptNodeKeepsItsState(string upstream)
    {
        Put("upstreams", $$"""{"nodes":{{Nodes}}}""");
        NodeState kept = _gateway.Upstream("/a").Nodes[0].State;

        Put("upstreams", upstream);

        _gateway.Upstream("/a").Nodes.Single(node => node.Config.Host == "10.0.0.1").State.ShouldBeSameAs(kept);
    }

    [Fact]
    public void Apply_NodeTakenOutAndPutBack_HasItsStateAgain()
    {
        Put("upstreams", $$"""{"nodes":{{Nodes}}}""");
        NodeState node = _gateway.Upstream("/a").Nodes[1].State;

        Put("upstreams", """{"nodes":{"10.0.0.1:80":1}}""");
        _gateway.Time.Advance(TimeSpan.FromMinutes(9));
        Put("upstreams", $$"""{"nodes":{{Nodes}}}""");

        _gateway.Upstream("/a").Nodes[1].State.ShouldBeSameAs(node);
        _gateway.Nodes.Take().ShouldBe([
            "added 10.0.0.1:80", "added b.test:81", "added 10.0.0.3:82",
            "removed b.test:81", "removed 10.0.0.3:82",
            "added b.test:81", "added 10.0.0.3:82"]);
    }

    [Fact]
    public void Apply_UpstreamDeletedAndMadeAgain_NodesHaveTheirStates()
    {
        _gateway.Put("upstreams/u", """{"nodes":{"10.0.0.1:80":1}}""");
        _gateway.Put("routes/1", """{"uri":"/a","upstream_id":"u"}""");
        NodeState node = _gateway.Upstream("/a").Nodes[0].State;

        _gateway.Put("upstreams/u", null);
        _gateway.Put("upstreams/u", """{"nodes":{"10.0.0.1:80":1}}""");

        _gateway.Upstream("/a").Nodes[0].State.ShouldBeSameAs(node);
    }

    [Fact]
    public void Apply_LargeUpstreamReordered_KeepsEveryState()
    {
        string[] nodes = [.. Enumerable.Range(1, 200).Select(i => $"10.0.0.{i}:80")];
        _gateway.Put(("upstreams/u", Gateway.NodesJson(nodes)), ("routes/1", """{"uri":"/a","upstream_id":"u"}"""));
        var before = _gateway.Upstream("/a").Nodes.ToDictionary(node => node.Config.Host, node => node.State);

        _gateway.Put("upstreams/u", Gateway.NodesJson([.. nodes.Reverse()]));

        foreach (NodeSnapshot node in _gateway.Upstream("/a").Nodes)
            node.State.ShouldBeSameAs(before[node.Config.Host]);
    }

    [Theory]
    [InlineData("""{"scheme":"https","retries":1,"type":"least_conn","tls":{"verify":true},"nodes":{"10.0.0.1:80":7}}""", true)]
    [InlineData("""{"scheme":"https","pass_host":"rewrite","upstream_host":"x.test","tls":{"verify":true},"nodes":{"10.0.0.1:80":1}}""", false)]
    [InlineData("""{"scheme":"https","tls":{"verify":false},"nodes":{"10.0.0.1:80":1}}""", false)]
    [InlineData("""{"scheme":"http","tls":{"verify":true},"nodes":{"10.0.0.1:80":1}}""", false)]
    [InlineData("""{"scheme":"https","tls":{"verify":true},"keepalive_pool":{"size":5},"nodes":{"10.0.0.1:80":1}}""", false)]
    public void Apply_Edit_KeepsTheConnectionProfileExactlyWhenConnectionsCanBeShared(string upstream, bool kept)
    {
        Put("upstreams", """{"scheme":"https","tls":{"verify":true},"nodes":{"10.0.0.1:80":1}}""");
        ConnectionProfile before = _gateway.Upstream("/a").Profile;

        Put("upstreams", upstream);

        ReferenceEquals(_gateway.Upstream("/a").Profile, before).ShouldBe(kept);
    }

    [Fact]
    public void Apply_TlsSettingsOfAnHttpUpstream_SeparateNoConnections()
    {
        Put("upstreams", """{"nodes":{"10.0.0.1:80":1}}""");
        ConnectionProfile before = _gateway.Upstream("/a").Profile;

        Put("upstreams", """{"pass_host":"rewrite","upstream_host":"x.test","tls":{"verify":true},"nodes":{"10.0.0.1:80":1}}""");

        _gateway.Upstream("/a").Profile.ShouldBeSameAs(before);
    }

    private static TheoryData<string, string> MakeEdits()
    {
        var edits = new TheoryData<string, string>();
        foreach (string owner in (string[])["upstreams", "services", "routes"])
        {
            foreach (string field in FieldEdits)
                edits.Add(owner, $$"""{"nodes":{{Nodes}},{{field}}{{(field.Contains("\"checks\"", StringComparison.Ordinal) ? "" : "," + Checks)}}}""");
            edits.Add(owner, $$"""{"nodes":{{Nodes.Replace("\"weight\":1", "\"weight\":3", StringComparison.Ordinal)}},{{Checks}}}""");
            edits.Add(owner, $$"""{"nodes":{{Nodes.Replace("\"weight\":1", "\"weight\":0", StringComparison.Ordinal)}},{{Checks}}}""");
            edits.Add(owner, $$"""{"nodes":{{Nodes.Replace("\"weight\":1", "\"weight\":1,\"priority\":-2", StringComparison.Ordinal)}},{{Checks}}}""");
            edits.Add(owner, $$"""{"nodes":{{Nodes.Replace("\"weight\":1", "\"weight\":1,\"metadata\":{\"a\":1}", StringComparison.Ordinal)}},{{Checks}}}""");
            edits.Add(owner, $$"""{"nodes":{{Nodes.Replace("\"weight\":1", "\"weight\":1,\"max_requests\":4", StringComparison.Ordinal)}},{{Checks}}}""");
            string zoned = Nodes.Replace("\"weight\":1", "\"weight\":1,\"metadata\":{\"zone\":\"a\"}", StringComparison.Ordinal);
            edits.Add(owner, $$"""{"zone_aware":{},"nodes":{{zoned}},{{Checks}}}""");
            edits.Add(owner, $$"""{"subset":{"keys":{"zone":"http_x_zone"} },"nodes":{{zoned}},{{Checks}}}""");
            edits.Add(owner, $$"""{"nodes":[{{string.Join(',', JsonDocument.Parse(Nodes).RootElement.EnumerateArray().Reverse().Select(node => node.GetRawText()))}}],{{Checks}}}""");
        }

        return edits;
    }

    private static int Pick(UpstreamSnapshot upstream)
    {
        TriedNodes none = default;
        var context = new PickContext(in none, new Headgate.Testing.TestRequest("any.test", "/a"));
        return upstream.Pick(ref context)!.Index;
    }

    private void Put(string owner, string upstream) => _gateway.Put(owner switch
    {
        "upstreams" => [("upstreams/1", upstream), ("routes/1", """{"uri":"/a","upstream_id":"1"}""")],
        "services" => [("services/1", $$"""{"upstream":{{upstream}}}"""), ("routes/1", """{"uri":"/a","service_id":"1"}""")],
        _ => [("routes/1", $$"""{"uri":"/a","upstream":{{upstream}}}""")],
    });
}
