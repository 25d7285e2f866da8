using System.Globalization;
using System.Text.Json;
using Headgate.Control.Line;
using Headgate.Control.Tests.Access;
using Headgate.Core.Upstreams;

namespace Headgate.Control.Tests.FleetHealth;

/// <summary>Latencies, and what upstreams get of routes, over several instances.</summary>
public sealed class LatencyTests : AccessTest
{
    private const string Traffic = "/api/gateway_groups/default/traffic";

    [Fact]
    public async Task Percentiles_AreThoseOfAllAnswers_NotTheirMeans()
    {
        // 198 answers in 10 ms, and of another instance two in 500: the mean of the p99s would be 255.
        Come("gw-1", Gets("r1", "upstreams/1", 99, 0, (10, 198)));
        Come("gw-2", Gets("r1", "upstreams/1", 1, 0, (500, 2)), Gets("r2", "upstreams/1", 5, 1, (20, 10)));

        (await RowsAsync("?by=route")).ShouldBe([$"r1 100: {Ms(10)} {Ms(10)}", $"r2 5: {Ms(20)} {Ms(20)}"]);
        (await RowsAsync("?by=upstream")).ShouldBe([$"upstreams/1 105: {Ms(10)} {Ms(20)}"]);
        (await RowsAsync("?by=route&route=r2,r3")).ShouldBe([$"r2 5: {Ms(20)} {Ms(20)}"]);
        (await RowsAsync("?by=node")).ShouldBe(["upstreams/1 105: -"]);
    }

    [Fact]
    public async Task UpstreamsOfARoute_AreWhatItsRequestsGet()
    {
        Come("gw-1", Gets("r1", "upstreams/old", 9, 0, (10, 18)), Gets("r1", "upstreams/new", 1, 0.5, (40, 2)), Gets("r2", "upstreams/old", 100, 50, (900, 200)));
        Come("gw-2", Gets("r1", "upstreams/new", 1, 0, (80, 2)));

        (await RowsAsync("?by=upstream&route=r1", "failures_per_second")).ShouldBe([$"upstreams/old 9 0: {Ms(10)} {Ms(10)}", $"upstreams/new 2 0.5: {Ms(40)} {Ms(80)}"]);
        (await RowsAsync("?by=upstream&route=r1&upstream=upstreams/new")).ShouldBe([$"upstreams/new 2: {Ms(40)} {Ms(80)}"]);
        (await RowsAsync("?by=upstream&route=r1,r2")).ShouldBe([$"upstreams/old 109: {Ms(900)} {Ms(900)}", $"upstreams/new 2: {Ms(40)} {Ms(80)}"]);
        (await RowsAsync("?by=upstream&route=none")).ShouldBeEmpty();
    }

    [Fact]
    public async Task OlderInstance_HasNoFigures_AndIsUnknownWhereTheyAreAskedFor()
    {
        Come("gw-old", older: true, Gets("r1", "upstreams/1", 7, 0));

        (await RowsAsync("?by=upstream")).ShouldBe(["upstreams/1 7: -"]);
        (await RowsAsync("?by=route")).ShouldBe(["r1 7: -"]);
        (await InstancesAsync("?by=upstream")).ShouldBe("""{"heard":1,"unknown":[]}""");
        (await RowsAsync("?by=upstream&route=r1")).ShouldBeEmpty();
        (await InstancesAsync("?by=upstream&route=r1")).ShouldBe("""{"heard":0,"unknown":["gw-old"]}""");

        Come("gw-new", Gets("r1", "upstreams/1", 3, 0, (10, 6)));
        (await RowsAsync("?by=upstream")).ShouldBe([$"upstreams/1 10: {Ms(10)} {Ms(10)}"]);
        (await RowsAsync("?by=upstream&route=r1")).ShouldBe([$"upstreams/1 3: {Ms(10)} {Ms(10)}"]);
        (await InstancesAsync("?by=upstream&route=r1")).ShouldBe("""{"heard":1,"unknown":["gw-old"]}""");
    }

    [Fact]
    public async Task NothingAnswered_HasNoLatency()
    {
        Come("gw-1", Gets("r1", "upstreams/1", 2, 2));
        (await RowsAsync("?by=upstream&route=r1", "failures_per_second")).ShouldBe(["upstreams/1 2 2: -"]);
    }

    [Fact]
    public async Task Viewer_OfAWorkspace_SeesItsOwnRoutesOnly()
    {
        await Admin.Put("/api/workspaces/a", """{"name":"a"}""");
        (await Admin.Put("upstreams/a?workspace_id=a", Upstream)).ShouldBe(201);
        (await Admin.Put("routes/a?workspace_id=a", Route("/a", "\"upstream_id\":\"a\""))).ShouldBe(201);
        Come("gw-1", Gets("a", "upstreams/a", 1, 0, (10, 2)), Gets("other", "upstreams/other", 1, 0, (10, 2)), Gets("other", "upstreams/a", 4, 0, (10, 8)));
        Person viewer = await PutAsync("viewer", """[{"role":"viewer","gateway_group_id":"default","workspace_id":"a"}]""");

        JsonElement seen = (await viewer.Send("GET", Traffic + "?by=upstream&route=a,other")).ShouldBe(200).Json;
        Rows(seen).ShouldBe([$"upstreams/a 1: {Ms(10)} {Ms(10)}"]);
        Rows((await viewer.Send("GET", Traffic + "?by=upstream&route=other")).ShouldBe(200).Json).ShouldBeEmpty();
    }

    private static string Ms(int ms) => LatencyBuckets.MiddleMs(LatencyBuckets.IndexOf(TimeSpan.FromMilliseconds(ms))).ToString(CultureInfo.InvariantCulture);

    private static UpstreamTraffic Gets(string route, string owner, double requests, double failures, params (int Ms, int Count)[] latencies) =>
        new(route, owner, requests, failures, [.. latencies.SelectMany(static one => (int[])[LatencyBuckets.IndexOf(TimeSpan.FromMilliseconds(one.Ms)), one.Count])]);

    private static string[] Rows(JsonElement answer, params string[] more) => [.. answer.GetProperty("list").EnumerateArray().Select(row =>
    {
        string name = row.TryGetProperty("route", out JsonElement route) ? route.GetString()! : row.GetProperty("owner").GetString()!;
        string latency = row.TryGetProperty("latency_ms", out JsonElement ms) ? $"{ms.GetProperty("p50")} {ms.GetProperty("p99")}" : "-";
        return string.Join(' ', more.Prepend("requests_per_second").Select(member => row.GetProperty(member).ToString()).Prepend(name)) + ": " + latency;
    })];

    private async Task<string[]> RowsAsync(string query, params string[] more) => Rows((await Admin.Get(Traffic + query)).ShouldBe(200).Json, more);

    private async Task<string> InstancesAsync(string query) => (await Admin.Get(Traffic + query)).ShouldBe(200).Json.GetProperty("instances").GetRawText();

    private void Come(string id, params UpstreamTraffic[] upstreams) => Come(id, older: false, upstreams);

    private void Come(string id, bool older, params UpstreamTraffic[] upstreams)
    {
        NodeTraffic[] nodes = [.. upstreams.Select(static one => new NodeTraffic(one.Owner, "a:80", one.Requests, one.Failures))];
        Dictionary<string, double> routes = upstreams.GroupBy(static one => one.Route).ToDictionary(static route => route.Key, static route => route.Sum(one => one.Requests));
        Server.Fleet.Attach(PlayedLine.Identity(id), new PlayedLine())
            .Take(new InstanceReport(new(1, "digest")) { IsFull = true, Traffic = new TrafficReport(routes, nodes) { Upstreams = older ? null : upstreams } });
    }
}
