using System.Text.Json;
using Headgate.Control.Instances;
using Headgate.Control.Line;
using Headgate.Control.Nodes;
using Headgate.Control.Tests.AdminApi;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;
using Microsoft.AspNetCore.Routing;

namespace Headgate.Control.Tests.FleetHealth;

/// <summary>Nodes as several instances see them together: each serves for itself, and one control plane asks them.</summary>
public sealed class FleetNodesTests() : AdminApiTest(StoreKind.Memory)
{
    private const string All = "/api/upstreams/1/nodes";
    private const string A = All + "/10.0.0.1:80";
    private const string TwoNodes = """{"nodes":{"10.0.0.1:80":1,"10.0.0.2:80":1},"checks":{"active":{}}}""";

    /// <summary>The clock of latencies; a latency of 30 s before is forgotten.</summary>
    private const long NowMs = 100_000;

    private static readonly DateTimeOffset At = new(2026, 5, 4, 3, 2, 0, TimeSpan.Zero);

    protected override void MapMore(IEndpointRouteBuilder endpoints) => endpoints.MapNodesApi();

    [Fact]
    public async Task Get_OfManyNodes_IsSearchedAndPaged_AndCountsWhatIsUp()
    {
        string nodes = string.Join(',', Enumerable.Range(1, 60).Select(static number => $"\"10.0.0.{number}:80\":1"));
        using Gateway one = Come("gw-1", "{\"nodes\":{" + nodes + "}}"), two = Come("gw-2", "{\"nodes\":{" + nodes + "}}");
        two.Node(10).Exclude(NodeExclusions.Unhealthy);

        (await Shown("")).ShouldBe((60, 59, 60, "10.0.0.1:80"));
        (await Shown("?page=2&page_size=25")).ShouldBe((60, 59, 25, "10.0.0.26:80"));
        (await Shown("?page=9&page_size=25")).ShouldBe((60, 59, 0, ""));
        (await Shown("?search=0.1")).ShouldBe((11, 10, 11, "10.0.0.1:80"));
        (await Shown("?state=partial")).ShouldBe((1, 0, 1, "10.0.0.11:80"));
        (await Shown("?state=down")).ShouldBe((0, 0, 0, ""));
        (await Admin.Get(All + "?state=ill")).ShouldBe(400).ErrorMessage.ShouldBe("invalid argument state ill; allowed: up, down, out, partial");
        (await Admin.Get(All + "?page_size=501")).ShouldBe(400);
        (await Admin.Get(All + "?page=1&instance_id=gw-1")).ShouldBe(400).ErrorMessage.ShouldStartWith("argument page does not go with instance_id");

        async Task<(int Total, int Up, int Listed, string First)> Shown(string query)
        {
            JsonElement answer = (await Admin.Get(All + query)).ShouldBe(200).Json;
            JsonElement[] list = [.. answer.GetProperty("nodes").EnumerateArray()];
            return (answer.GetProperty("total").GetInt32(), answer.GetProperty("up").GetInt32(), list.Length, list.Select(static node => node.GetProperty("node").GetString()!).FirstOrDefault(""));
        }
    }

    [Fact]
    public async Task Get_OneOfThreeSeesANodeDown_IsPartial_AndSaysWho()
    {
        using Gateway one = Come("gw-1"), two = Come("gw-2"), three = Come("gw-3");
        two.Node(0).Exclude(NodeExclusions.Unhealthy);

        JsonElement answer = (await Admin.Get(All)).ShouldBe(200).Json;

        (answer.GetProperty("upstream").GetString(), answer.GetProperty("checked").GetBoolean(), answer.GetProperty("total").GetInt32()).ShouldBe(("upstreams/1", true, 2));
        Text(answer.GetProperty("nodes")[0], "state", "seen").ShouldBe(["partial", "down from gw-2 only"]);
        answer.GetProperty("nodes")[0].GetProperty("instances").GetRawText().ShouldBe(
            """[{"id":"gw-1","state":"up","exclusions":[],"in_flight":0,"latency_ms":null,"last_change":null},"""
            + """{"id":"gw-2","state":"down","exclusions":["unhealthy"],"in_flight":0,"latency_ms":null,"last_change":null},"""
            + """{"id":"gw-3","state":"up","exclusions":[],"in_flight":0,"latency_ms":null,"last_change":null}]""");
        Text(answer.GetProperty("nodes")[1], "state", "seen").ShouldBe(["up", "up from all 3"]);
        foreach (Gateway gateway in (Gateway[])[one, three])
            gateway.Node(0).Exclude(NodeExclusions.Unhealthy);
        Text((await Admin.Get(A)).ShouldBe(200).Json, "state", "seen").ShouldBe(["down", "down from all 3"]);
    }

    [Fact]
    public async Task Get_Numbers_ArePutTogether()
    {
        using Gateway one = Come("gw-1"), two = Come("gw-2"), three = Come("gw-3");
        one.Node(0).BeginTry();
        one.Node(0).Latency.Observe(10, NowMs);
        two.Node(0).BeginTry();
        two.Node(0).BeginTry();
        two.Node(0).Latency.Observe(20, NowMs);
        one.Node(0).Exclude(NodeExclusions.Ejected);
        two.Node(0).Exclude(NodeExclusions.Unhealthy);
        two.Node(0).Health.Report(HealthEvent.TcpFailure, new HealthThresholds(1, 1, 1, 1));
        one.Happened(NodeChangeKind.Ejected, 3);
        two.Happened(NodeChangeKind.Unhealthy, 5);
        three.Happened(NodeChangeKind.Healthy, 4);

        JsonElement node = (await Admin.Get(A)).ShouldBe(200).Json;

        (node.GetProperty("in_flight").GetInt64(), node.GetProperty("latency_ms").GetDouble(), node.GetProperty("last_change").GetProperty("kind").GetString()).ShouldBe((3, 15, "unhealthy"));
        node.GetProperty("exclusions").EnumerateArray().Select(static one => one.GetString()).ShouldBe(["ejected", "unhealthy"]);
        (node.GetProperty("health").GetProperty("status").GetString(), node.GetProperty("health").GetProperty("tcp_failure").GetInt32()).ShouldBe(("unhealthy", 1));
        Text(node, "seen").ShouldBe(["up from 1 of 3: down from gw-1, gw-2"]);
    }

    [Fact]
    public async Task Get_WhoDoesNotAnswer_CountsNeitherWay()
    {
        using Gateway one = Come("gw-1");
        Server.Fleet.Attach(PlayedLine.Identity("gw-2"), new PlayedLine());
        var left = new PlayedLine();
        Server.Fleet.Detach(Server.Fleet.Attach(PlayedLine.Identity("gw-3"), left), left, hasLeft: true, "stopped");
        var lost = new PlayedLine();
        Server.Fleet.Detach(Server.Fleet.Attach(PlayedLine.Identity("gw-4"), lost), lost, hasLeft: false, "broke");

        JsonElement node = (await Admin.Get(A)).ShouldBe(200).Json;

        Text(node, "state", "seen").ShouldBe(["up", "up from gw-1; unknown from gw-2, gw-4"]);
        node.GetProperty("instances").EnumerateArray().Select(static one => $"{one.GetProperty("id")} {one.GetProperty("state")}").ShouldBe(["gw-1 up", "gw-2 unknown", "gw-4 unknown"]);
        (await Admin.Get(A + "/timeline")).ShouldBe(200).Json.GetProperty("unknown").GetRawText().ShouldBe("""["gw-2","gw-4"]""");
    }

    [Fact]
    public async Task Get_InstancesAtDifferentRevisions_TheNewestSaysWhatThereIs_AndOthersAreKept()
    {
        using Gateway old = Come("gw-1", """{"nodes":{"10.0.0.9:80":1,"10.0.0.1:80":7}}""", revision: 4), recent = Come("gw-2", revision: 5);
        using Gateway without = Come("gw-3", null, revision: 3);

        JsonElement[] nodes = [.. (await Admin.Get(All)).ShouldBe(200).Json.GetProperty("nodes").EnumerateArray()];

        nodes.Select(static node => $"{node.GetProperty("node")} {node.GetProperty("weight")} {node.GetProperty("seen")}").ShouldBe([
            "10.0.0.1:80 1 up from all 2; not served by gw-3", "10.0.0.2:80 1 up from gw-2; not served by gw-1, gw-3", "10.0.0.9:80 1 up from gw-1; not served by gw-2, gw-3"]);
        (await Admin.Get("/api/upstreams/2/nodes")).ShouldBe(404).ErrorMessage.ShouldBe("upstreams[2] is no object with an upstream that is served");
        (await Admin.Get(All + "/10.0.0.3:80")).ShouldBe(404).ErrorMessage!.ShouldStartWith("upstreams[1] has no node 10.0.0.3:80");
    }

    [Fact]
    public async Task Timeline_OfAll_NewestFirst_NoLongerThanThatOfOne()
    {
        using Gateway one = Come("gw-1"), two = Come("gw-2");
        foreach (int second in Enumerable.Range(0, NodeTimeline.Length))
        {
            one.Happened(second % 2 == 0 ? NodeChangeKind.Unhealthy : NodeChangeKind.Healthy, second * 2);
            two.Happened(second % 2 == 0 ? NodeChangeKind.Unhealthy : NodeChangeKind.Healthy, (second * 2) + 1);
        }

        JsonElement timeline = (await Admin.Get(A + "/timeline")).ShouldBe(200).Json;

        (timeline.GetProperty("node").GetString(), timeline.GetProperty("total").GetInt32(), timeline.GetProperty("kept_max").GetInt32()).ShouldBe(("10.0.0.1:80", NodeTimeline.Length, NodeTimeline.Length));
        timeline.GetProperty("timeline").EnumerateArray().Take(3).Select(static one => $"{one.GetProperty("at").GetDateTimeOffset() - At:ss} {one.GetProperty("instance_id")}").ShouldBe(["39 gw-2", "38 gw-1", "37 gw-2"]);
        timeline.GetProperty("timeline").GetArrayLength().ShouldBe(NodeTimeline.Length);
    }

    [Fact]
    public async Task UpstreamTimeline_OfAllNodesAndInstances_NewestFirst_UpToTheLimit()
    {
        using Gateway one = Come("gw-1"), two = Come("gw-2");
        one.Happened(NodeChangeKind.Unhealthy, 1);
        two.Happened(NodeChangeKind.DrainBegun, 2, node: 1);
        one.Happened(NodeChangeKind.Healthy, 3);
        Server.Fleet.Attach(PlayedLine.Identity("gw-3"), new PlayedLine());

        JsonElement timeline = (await Admin.Get("/api/upstreams/1/timeline?limit=2")).ShouldBe(200).Json;

        timeline.GetProperty("timeline").EnumerateArray().Select(static change => string.Join(' ', Text(change, "instance_id", "node", "kind"))).ShouldBe(["gw-1 10.0.0.1:80 healthy", "gw-2 10.0.0.2:80 drain_begun"]);
        (timeline.GetProperty("upstream").GetString(), timeline.GetProperty("total").GetInt32(), timeline.GetProperty("unknown")[0].GetString()).ShouldBe(("upstreams/1", 3, "gw-3"));
        long start = one.Played.Instance.Identity.StartTime.ToUnixTimeSeconds();
        timeline.GetProperty("instances").GetRawText().ShouldBe($$"""[{"id":"gw-1","start_time":{{start}}},{"id":"gw-2","start_time":{{start}}}]""");
    }

    [Fact]
    public async Task Get_OfOneInstance_IsAsThatOneSeesIt()
    {
        using Gateway one = Come("gw-1"), two = Come("gw-2");
        two.Node(0).Exclude(NodeExclusions.Unhealthy);

        AdminAnswer answer = (await Admin.Get(A + "?instance_id=gw-2")).ShouldBe(200);

        (answer.Json.GetProperty("state").GetString(), answer.Header("X-Headgate-Instance"), answer.Json.TryGetProperty("seen", out _)).ShouldBe(("down", "gw-2", false));
        (await Admin.Get(A + "?instance_id=gw-7")).ShouldBe(404);
        (await Admin.Get(A)).Header("X-Headgate-Instance").ShouldBeNull();
    }

    [Fact]
    public async Task Get_NobodyIsThere_Or_NobodyAnswers_Is503()
    {
        (await Admin.Get(All)).ShouldBe(503).ErrorMessage!.ShouldStartWith("no instance of gateway group default is connected to this control plane");
        Server.Fleet.Attach(PlayedLine.Identity("gw-1"), new PlayedLine());
        (await Admin.Get(All)).ShouldBe(503).ErrorMessage!.ShouldStartWith("no instance of gateway group default has answered");
    }

    private static string?[] Text(JsonElement node, params string[] members) => [.. members.Select(member => node.GetProperty(member).GetString())];

    /// <summary>An instance comes that serves upstream 1; null = it does not.</summary>
    private Gateway Come(string id, string? upstream = TwoNodes, long revision = 1)
    {
        var gateway = new Gateway(id, upstream);
        Instance instance = Server.Fleet.Attach(gateway.Played.Instance.Identity, new LocalLine(gateway.Played.Instance, Server.Fleet, TimeProvider.System));
        instance.Take(new InstanceReport(new(revision, "digest")) { IsFull = true });
        return gateway;
    }

    private sealed class Gateway(string id, string? upstream) : IDisposable
    {
        private readonly ServedConfig _served = upstream is null ? new ServedConfig() : new ServedConfig(("upstreams/1", upstream));
        private PlayedInstance? _played;

        public PlayedInstance Played => _played ??= new PlayedInstance(id, upstreams: _served.Upstreams, latencyClockMs: NowMs);

        public NodeState Node(int index) => _served.Upstreams.Find("upstreams/1")!.Nodes[index].State;

        public void Happened(NodeChangeKind kind, int second, int node = 0) => Node(node).Timeline.Add(new NodeChange(At.AddSeconds(second), kind, "probe", "as played"));

        public void Dispose()
        {
            _played?.Dispose();
            _served.Dispose();
        }
    }
}
