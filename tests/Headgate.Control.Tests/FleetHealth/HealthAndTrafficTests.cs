using System.Text.Json;
using Headgate.Control.Instances;
using Headgate.Control.Line;
using Headgate.Control.Tests.Access;

namespace Headgate.Control.Tests.FleetHealth;

/// <summary>What the reports of several instances say together: nodes that are not up, and traffic.</summary>
public sealed class HealthAndTrafficTests : AccessTest
{
    private const string Health = "/api/gateway_groups/default/health";
    private const string Traffic = "/api/gateway_groups/default/traffic";
    private static readonly DateTimeOffset Since = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    [Fact]
    public async Task Health_WhatSomeDoNotSeeUp_SaysWhoAndWhy()
    {
        Come("gw-1", [Down("upstreams/1", "a:80"), Out("upstreams/1", "b:80")], [new NodeTraffic("upstreams/1", "a:80", 1.5, 0.5)]);
        Come("gw-2", [Down("upstreams/1", "a:80"), Down("upstreams/2", "a:80"), Out("upstreams/1", "b:80")], [new NodeTraffic("upstreams/1", "a:80", 2, 1)]);
        Come("gw-3", [Down("upstreams/1", "a:80"), new NodeSighting("upstreams/3", "forced:80", "up", ["unhealthy"]), Out("upstreams/1", "b:80")], []);

        JsonElement answer = (await Admin.Get(Health)).ShouldBe(200).Json;

        answer.GetProperty("instances").GetRawText().ShouldBe("""{"heard":3,"unknown":[]}""");
        answer.GetProperty("nodes").GetRawText().ShouldBe("""{"down":1,"partial":1,"out":1}""");
        answer.GetProperty("total").GetInt32().ShouldBe(3);
        Rows(answer, "owner", "node", "state", "seen").ShouldBe(["upstreams/1 a:80 down down from all 3", "upstreams/1 b:80 out out from all 3", "upstreams/2 a:80 partial down from gw-2 only"]);
        JsonElement first = answer.GetProperty("list")[0];
        first.GetProperty("instances")[1].GetRawText().ShouldBe(
            """{"id":"gw-2","state":"down","exclusions":["unhealthy"],"since":"2026-05-04T03:02:01Z","source":"probe","reason":"the connection was refused"}""");
        (first.GetProperty("requests_per_second").GetDouble(), first.GetProperty("failures_per_second").GetDouble()).ShouldBe((3.5, 1.5));
    }

    [Fact]
    public async Task Health_Filters_LeaveTheCountsAlone()
    {
        Come("gw-1", [Down("upstreams/1", "a:80"), Out("upstreams/1", "b:80"), Down("routes/1", "a:80"), Down("routes/1/traffic-split/0.0", "a:80"), Down("routes/10", "a:80")], []);

        (await Rows(Health + "?upstream=upstreams/1", "node")).ShouldBe(["a:80", "b:80"]);
        (await Rows(Health + "?upstream=routes/1", "owner")).ShouldBe(["routes/1", "routes/1/traffic-split/0.0"]);
        (await Rows(Health + "?upstream=routes/10,upstreams/1", "owner")).ShouldBe(["routes/10", "upstreams/1", "upstreams/1"]);
        (await Rows(Health + "?state=out", "node")).ShouldBe(["b:80"]);
        JsonElement page = (await Admin.Get(Health + "?page=2&page_size=2")).ShouldBe(200).Json;
        Rows(page, "owner").ShouldBe(["routes/10", "upstreams/1"]);
        (page.GetProperty("total").GetInt32(), page.GetProperty("nodes").GetProperty("down").GetInt32()).ShouldBe((5, 4));
        (await Admin.Get(Health + "?state=up")).ShouldBe(400).ErrorMessage.ShouldBe("invalid argument state up; allowed: down, partial, out");
        (await Admin.Get(Health + "?upstream=consumers/1")).ShouldBe(400).ErrorMessage.ShouldBe("invalid argument upstream consumers/1; allowed: upstreams/ID, services/ID, routes/ID, several with commas between");
        (await Admin.Get(Health + "?upstream=upstreams/1,")).ShouldBe(400);
        (await Admin.Get(Health + "?page=0")).ShouldBe(400);
        (await Admin.Get("/api/gateway_groups/none/health")).ShouldBe(404);
    }

    [Fact]
    public async Task Health_InstancesThatAreLost_CountNeitherWay()
    {
        Come("gw-1", [Down("upstreams/1", "a:80")], [new NodeTraffic("upstreams/1", "a:80", 1, 0)]);
        Server.Clock.UnixSeconds += 31;
        Come("gw-2", [Down("upstreams/2", "a:80")], []);
        Server.Fleet.Attach(PlayedLine.Identity("gw-3"), new PlayedLine()); // has not reported yet

        JsonElement answer = (await Admin.Get(Health)).ShouldBe(200).Json;

        answer.GetProperty("instances").GetRawText().ShouldBe("""{"heard":1,"unknown":["gw-1","gw-3"]}""");
        Rows(answer, "owner", "seen").ShouldBe(["upstreams/2 down from gw-2"]);
        (await Rows(Traffic + "?by=node", "node")).ShouldBeEmpty();
        Server.Clock.UnixSeconds += 7201;
        (await Admin.Get(Health)).ShouldBe(200).Json.GetProperty("instances").GetRawText().ShouldBe("""{"heard":0,"unknown":[]}""");
    }

    [Fact]
    public async Task Health_NodeThatIsUpAgain_LeavesTheList()
    {
        Instance instance = Come("gw-1", [Down("upstreams/1", "a:80")], []);
        (await Rows(Health, "node")).ShouldBe(["a:80"]);

        instance.Take(new InstanceReport(instance.Running) { Nodes = [new NodeSighting("upstreams/1", "a:80", "up", [])] });

        (await Rows(Health, "node")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Traffic_IsSummedOverInstances()
    {
        Come("gw-1", [], [new NodeTraffic("upstreams/1", "a:80", 1, 0.25), new NodeTraffic("upstreams/1", "b:80", 2, 0)], ("r1", 3), ("r2", 1));
        Come("gw-2", [], [new NodeTraffic("upstreams/1", "a:80", 4, 0.5), new NodeTraffic("upstreams/2", "a:80", 100, 0)], ("r1", 7), ("r3", 90));

        JsonElement routes = (await Admin.Get(Traffic)).ShouldBe(200).Json;

        (routes.GetProperty("requests_per_second").GetDouble(), routes.GetProperty("total").GetInt32()).ShouldBe((101, 3));
        routes.GetProperty("list").GetRawText().ShouldBe("""[{"route":"r3","requests_per_second":90},{"route":"r1","requests_per_second":10},{"route":"r2","requests_per_second":1}]""");
        (await Rows(Traffic + "?route=r1", "route", "requests_per_second")).ShouldBe(["r1 10"]);
        (await Rows(Traffic + "?by=upstream", "owner", "requests_per_second", "failures_per_second")).ShouldBe(["upstreams/2 100 0", "upstreams/1 7 0.75"]);
        (await Rows(Traffic + "?by=node&upstream=upstreams/1", "node", "requests_per_second", "failures_per_second")).ShouldBe(["a:80 5 0.75", "b:80 2 0"]);
        (await Rows(Traffic + "?by=node&page=3&page_size=1", "owner", "node")).ShouldBe(["upstreams/1 b:80"]);
        (await Admin.Get(Traffic + "?by=weekday")).ShouldBe(400).ErrorMessage.ShouldBe("invalid argument by weekday; allowed: route, upstream, node");
        (await Admin.Get(Traffic + "?upstream=upstreams/1")).ShouldBe(400).ErrorMessage.ShouldBe("argument route goes with by=route and by=upstream, argument upstream with by=upstream and by=node");
        (await Admin.Get(Traffic + "?by=node&route=r1")).ShouldBe(400);
    }

    [Fact]
    public async Task Viewer_OfAWorkspace_SeesItsOwn()
    {
        await Admin.Put("/api/workspaces/a", """{"name":"a"}""");
        await Admin.Put("/api/workspaces/b", """{"name":"b"}""");
        foreach (string workspace in (string[])["a", "b"])
        {
            (await Admin.Put($"upstreams/{workspace}?workspace_id={workspace}", Upstream)).ShouldBe(201);
            (await Admin.Put($"routes/{workspace}?workspace_id={workspace}", Route("/" + workspace, $"\"upstream_id\":\"{workspace}\""))).ShouldBe(201);
        }

        string[] owners = ["upstreams/a", "upstreams/b", "upstreams/shared", "routes/a/traffic-split/0.0"];
        Come("gw-1", [.. owners.Select(static owner => Down(owner, "x:80"))], [.. owners.Select(static owner => new NodeTraffic(owner, "x:80", 1, 0))], ("a", 1), ("b", 2), ("shared", 4));
        Person viewer = await PutAsync("viewer", """[{"role":"viewer","gateway_group_id":"default","workspace_id":"a"}]""");
        Person both = await PutAsync("both", """[{"role":"viewer","gateway_group_id":"default","workspace_id":"a"},{"role":"viewer","gateway_group_id":"default","workspace_id":"default"}]""");

        JsonElement seen = (await viewer.Send("GET", Health)).ShouldBe(200).Json;
        Rows(seen, "owner").ShouldBe(["routes/a/traffic-split/0.0", "upstreams/a"]);
        seen.GetProperty("nodes").GetProperty("down").GetInt32().ShouldBe(2);
        JsonElement traffic = (await viewer.Send("GET", Traffic)).ShouldBe(200).Json;
        Rows(traffic, "route").ShouldBe(["a"]);
        traffic.GetProperty("requests_per_second").GetDouble().ShouldBe(1);
        Rows((await viewer.Send("GET", Traffic + "?by=upstream")).Json, "owner").ShouldBe(["routes/a/traffic-split/0.0", "upstreams/a"]);
        Rows((await viewer.Send("GET", Health + "?upstream=upstreams/b")).ShouldBe(200).Json, "owner").ShouldBeEmpty();
        Rows((await both.Send("GET", Traffic)).ShouldBe(200).Json, "route").ShouldBe(["shared", "a"]);
        Rows((await both.Send("GET", Traffic + "?workspace_id=default")).ShouldBe(200).Json, "route").ShouldBe(["shared"]);
        (await Rows(Health, "owner")).Length.ShouldBe(4);
    }

    private static NodeSighting Down(string owner, string node) => new(owner, node, "down", ["unhealthy"]) { Since = Since, Source = "probe", Reason = "the connection was refused" };

    private static NodeSighting Out(string owner, string node) => new(owner, node, "out", ["draining"]) { Since = Since, Source = "ops" };

    private static string[] Rows(JsonElement answer, params string[] members) =>
        [.. answer.GetProperty("list").EnumerateArray().Select(row => string.Join(' ', members.Select(member => row.GetProperty(member).ToString())))];

    private async Task<string[]> Rows(string path, params string[] members) => Rows((await Admin.Get(path)).ShouldBe(200).Json, members);

    private Instance Come(string id, NodeSighting[] sightings, NodeTraffic[] nodes, params (string Route, double Rate)[] routes)
    {
        Instance instance = Server.Fleet.Attach(PlayedLine.Identity(id), new PlayedLine());
        instance.Take(new InstanceReport(new(1, "digest"))
        {
            IsFull = true,
            Nodes = sightings,
            Traffic = new TrafficReport(routes.ToDictionary(static route => route.Route, static route => route.Rate), nodes),
        });
        return instance;
    }
}
