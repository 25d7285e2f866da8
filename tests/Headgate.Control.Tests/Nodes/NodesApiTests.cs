using System.Net;
using System.Text.Json;
using Headgate.Control.Nodes;
using Headgate.Control.Tests.AdminApi;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Control.Tests.Nodes;

/// <summary>The shapes of <c>/api/.../nodes</c>, and who may see them.</summary>
public sealed class NodesApiTests : IAsyncLifetime
{
    private const long NowMs = 1_000_000;
    private static readonly DateTimeOffset At = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);
    private readonly ServedConfig _served = new(
        ("upstreams/1", """{"nodes":[{"host":"127.0.0.1","port":1980,"weight":2},{"host":"[::1]","port":1981,"weight":0,"priority":-1},{"host":"b.test","port":80,"weight":1}],"checks":{"active":{}},"type":"ewma"}"""),
        ("routes/r", """{"uri":"/a","upstream":{"nodes":{"c.test:81":1}}}"""));

    private readonly PlayedInstance _instance;
    private ApiServer? _server;

    public NodesApiTests() => _instance = new PlayedInstance(upstreams: _served.Upstreams, latencyClockMs: NowMs);

    private AdminClient Client => _server!.Client;

    public async ValueTask InitializeAsync() => _server = await ApiServer.StartAsync(static endpoints => endpoints.MapNodesApi(), AdminServer.Options with { Instance = _instance.Instance });

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _instance.Dispose();
        _served.Dispose();
    }

    [Fact]
    public async Task All_NodeOfEachState_SaysWhatIsKnown()
    {
        Change(Node(0), NodeChangeKind.Healthy, "the answer was 200");
        Change(Node(0), NodeChangeKind.Unhealthy, "the connection was refused");
        Node(0).Health.Report(HealthEvent.TcpFailure, new HealthThresholds(1, 1, 1, 1));
        Node(0).Latency.Observe(12.3456, NowMs - 5);
        Node(0).BeginTry();
        Node(1).Exclude(NodeExclusions.Draining);
        Node(1).Exclude(NodeExclusions.Ejected);

        JsonElement answer = (await Client.Get("/api/upstreams/1/nodes")).ShouldBe(200).Json;

        answer.EnumerateObject().Select(member => member.Name).ShouldBe(["upstream", "type", "checked", "total", "up", "nodes"]);
        (answer.GetProperty("upstream").GetString(), answer.GetProperty("type").GetString(), answer.GetProperty("checked").GetBoolean(), answer.GetProperty("total").GetInt32())
            .ShouldBe(("upstreams/1", "ewma", true, 3));
        answer.GetProperty("nodes")[0].GetRawText().ShouldBe("""
            {"node":"127.0.0.1:1980","host":"127.0.0.1","port":1980,"weight":2,"priority":0,"state":"down","exclusions":["unhealthy"],"forced_up":false,"health":{"status":"unhealthy","success":0,"http_failure":0,"tcp_failure":1,"timeout_failure":0},"in_flight":1,"latency_ms":12.346,"endpoints":["127.0.0.1:1980"],"last_change":{"at":"2026-05-04T03:02:01Z","kind":"unhealthy","source":"probe","reason":"the connection was refused"},"seen":"down from gw-1","instances":[{"id":"gw-1","state":"down","exclusions":["unhealthy"],"in_flight":1,"latency_ms":12.346,"last_change":{"at":"2026-05-04T03:02:01Z","kind":"unhealthy","source":"probe","reason":"the connection was refused"}}]}
            """);
        answer.GetProperty("nodes")[1].GetRawText().ShouldBe("""
            {"node":"[::1]:1981","host":"[::1]","port":1981,"weight":0,"priority":-1,"state":"out","exclusions":["ejected","draining"],"forced_up":false,"health":{"status":"healthy","success":0,"http_failure":0,"tcp_failure":0,"timeout_failure":0},"in_flight":0,"latency_ms":null,"endpoints":["[::1]:1981"],"last_change":null,"seen":"out from gw-1","instances":[{"id":"gw-1","state":"out","exclusions":["ejected","draining"],"in_flight":0,"latency_ms":null,"last_change":null}]}
            """);
        answer.GetProperty("nodes")[2].GetProperty("state").GetString().ShouldBe("up");
        answer.GetProperty("nodes")[2].GetProperty("endpoints").GetArrayLength().ShouldBe(0); // not resolved yet
    }

    [Fact]
    public async Task Timeline_LatestFirst()
    {
        Change(Node(1), NodeChangeKind.Unhealthy, "\u00e9 < \"");
        Change(Node(1), NodeChangeKind.Healthy, "2");

        AdminAnswer answer = (await Client.Get("/api/upstreams/1/nodes/%5B::1%5D:1981/timeline")).ShouldBe(200);

        answer.Body.ShouldBe("""
            {"node":"[::1]:1981","total":2,"kept_max":50,"timeline":[{"at":"2026-05-04T03:02:01Z","kind":"healthy","source":"probe","reason":"2","instance_id":"gw-1"},{"at":"2026-05-04T03:02:01Z","kind":"unhealthy","source":"probe","reason":"é < \"","instance_id":"gw-1"}],"unknown":[]}

            """);
        (await Client.Get("/api/upstreams/1/nodes/B.test:80/timeline")).ShouldBe(200).Json.GetProperty("total").GetInt32().ShouldBe(0);
        (await Client.Get("/api/upstreams/1/timeline?instance_id=gw-1&limit=1")).ShouldBe(200).Body.ShouldBe("""
            {"upstream":"upstreams/1","total":2,"kept_max":50,"timeline":[{"node":"[::1]:1981","at":"2026-05-04T03:02:01Z","kind":"healthy","source":"probe","reason":"2"}]}

            """);
    }

    [Theory]
    [InlineData("/api/routes/r/nodes", 200, null)]
    [InlineData("/api/routes/r/nodes/c.test:81", 200, null)]
    [InlineData("/api/upstreams/7/nodes", 404, "upstreams[7] is no object with an upstream that is served")]
    [InlineData("/api/services/1/nodes", 404, "services[1] is no object with an upstream that is served")]
    [InlineData("/api/upstreams/1/nodes/b.test:81", 404, "upstreams[1] has no node b.test:81; a node is named HOST:PORT as in its list")]
    [InlineData("/api/routes/r/timeline", 200, null)]
    [InlineData("/api/upstreams/7/timeline", 404, "upstreams[7] is no object with an upstream that is served")]
    [InlineData("/api/upstreams/1/timeline?limit=0", 400, "invalid argument limit; allowed: 1 to 2000")]
    [InlineData("/api/upstreams/1/timeline?limit=many", 400, "invalid argument limit; allowed: 1 to 2000")]
    [InlineData("/api/upstreams/7/nodes/b.test:80/timeline", 404, "upstreams[7] is no object with an upstream that is served")]
    public async Task Get_WhatIsAndIsNotThere_SaysSo(string path, int status, string? text)
    {
        AdminAnswer answer = (await Client.Get(path)).ShouldBe(status);

        if (text is not null)
            answer.ErrorMessage.ShouldBe(text);
    }

    [Theory]
    [InlineData("/api/upstreams/1/nodes")]
    [InlineData("/api/upstreams/1/nodes/b.test:80")]
    [InlineData("/api/upstreams/1/nodes/b.test:80/timeline")]
    [InlineData("/api/upstreams/1/timeline")]
    public async Task Get_WithoutAKeyThatAllowsIt_SaysNothing(string path)
    {
        using var nobody = new AdminClient(_server!.Address, null);
        using var wrong = new AdminClient(_server.Address, "wrong");
        using var viewer = new AdminClient(_server.Address, AdminServer.ViewerKey);

        (await nobody.Get(path)).ShouldBe(401).Body.ShouldBe("{\"error_msg\":\"failed to check token\",\"description\":\"missing apikey\"}\n");
        (await wrong.Get(path)).ShouldBe(401);
        (await viewer.Get(path)).ShouldBe(200);
        (await Client.Delete(path)).ShouldBe(405);
        await using ApiServer elsewhere = await ApiServer.StartAsync(
            static endpoints => endpoints.MapNodesApi(), AdminServer.Options with { Instance = _instance.Instance, AllowAdmin = [IPNetwork.Parse("10.0.0.0/8")] });
        (await elsewhere.Client.Get(path)).ShouldBe(403);
    }

    private static void Change(NodeState node, NodeChangeKind kind, string reason) => node.Timeline.Add(new NodeChange(At, kind, "probe", reason));

    private NodeState Node(int index) => _served.Upstreams.Find("upstreams/1")!.Nodes[index].State;
}
