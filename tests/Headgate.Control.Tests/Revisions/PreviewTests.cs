using System.Text.Json;
using Headgate.Control.Line;
using Headgate.Control.Tests.AdminApi;
using Headgate.Core.Snapshot;

namespace Headgate.Control.Tests.Revisions;

/// <summary>What ?dry-run=true answers, and that it stores nothing.</summary>
public abstract class PreviewContract(StoreKind kind) : AdminApiTest(kind)
{
    private const string Split = """ "plugins":{"traffic-split":{"rules":[{"weighted_upstreams":[{"weight":1},{"upstream_id":"u","weight":1}]},{"weighted_upstreams":[{"upstream_id":"u"},{"upstream_id":"u"}]}]}} """;

    [Fact]
    public async Task Put_ShowsDifferenceAndStoresNothing()
    {
        await Admin.Put("upstreams/u", """{"nodes":[{"host":"10.0.0.1","port":80,"weight":1}]}""");

        JsonElement update = (await Admin.Put("upstreams/u?dry-run=true", """{"nodes":[{"host":"10.0.0.1","port":80,"weight":2}]}""")).ShouldBe(200).Json;
        update.GetProperty("dry_run").GetBoolean().ShouldBeTrue();
        update.GetProperty("would").GetString().ShouldBe("update");
        update.GetProperty("difference").GetRawText().ShouldBe("""[{"path":"nodes[10.0.0.1:80].weight","before":1,"after":2}]""");
        (await Admin.Put("upstreams/u?dry-run=true", """{"nodes":[{"host":"10.0.0.1","port":80,"weight":1}]}""")).ShouldBe(200).Json.GetProperty("would").GetString().ShouldBe("nothing");
        (await Admin.Put("upstreams/new?dry-run=true", Upstream)).ShouldBe(200).Json.GetProperty("would").GetString().ShouldBe("create");
        (await Admin.Post("upstreams?dry-run=true", Upstream)).ShouldBe(200).Json.GetProperty("would").GetString().ShouldBe("create");
        (await Admin.Patch("upstreams/u?dry-run=true", """{"retries":4}""")).ShouldBe(200).Json.GetProperty("difference").GetRawText().ShouldBe("""[{"path":"retries","after":4}]""");
        (await Admin.Patch("upstreams/u/nodes/0/weight?dry-run=true", "9")).ShouldBe(200).Json.GetProperty("difference")[0].GetProperty("after").GetInt32().ShouldBe(9);
        (await Admin.Patch("upstreams/none?dry-run=true", "{}")).ShouldBe(404);
        (await Server.Store.GetAsync("/", CancellationToken.None)).Revision.ShouldBe(1);
    }

    [Fact]
    public async Task Put_Refused_AnswersEveryProblem()
    {
        AdminAnswer answer = (await Admin.Put("routes/1?dry-run=true", """{"uri":"/a","upstream_id":"none","service_id":"none","priority":"high"}""")).ShouldBe(400);

        answer.Json.GetProperty("would").GetString().ShouldBe("be refused");
        answer.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetString()).ShouldBe(["priority", "upstream_id", "service_id"], ignoreOrder: true);
        answer.ErrorMessage.ShouldBe(answer.Json.GetProperty("errors")[0].GetProperty("message").GetString());
        (await Admin.Put("routes/1?dry-run=true", "[")).ShouldBe(400);
    }

    [Fact]
    public async Task Edit_OfAnUpstream_ConcernsExactlyThoseThatUseIt()
    {
        await PutAllAsync();
        ReportTraffic();

        JsonElement affected = (await Admin.Patch("upstreams/u?dry-run=true", """{"retries":1}""")).ShouldBe(200).Json.GetProperty("affected");

        affected.GetProperty("totals").GetRawText().ShouldBe("""{"routes":5,"services":1,"consumers":1,"consumer_groups":1,"plugin_configs":1,"split_rules":6}""");
        Keys(affected).ShouldBe(
            ["consumer_groups/g", "consumers/jack", "plugin_configs/p", "routes/by-config", "routes/by-service", "routes/by-split", "routes/direct", "routes/twice", "services/s"], ignoreOrder: true);
        affected.GetProperty("every_request").GetBoolean().ShouldBeFalse();
        affected.GetProperty("complete").GetBoolean().ShouldBeTrue();
        JsonElement[] twice = [.. One(affected, "routes/twice").GetProperty("by").EnumerateArray()];
        twice.Select(by => by.GetProperty("path").GetString()).ShouldBe(["upstream_id"]);
        One(affected, "routes/direct").GetProperty("requests_per_second").GetDouble().ShouldBe(2.5);
        One(affected, "routes/by-split").GetProperty("requests_per_second").GetDouble().ShouldBe(0);
        affected.GetProperty("requests_per_second").GetDouble().ShouldBe(2.5);
    }

    [Fact]
    public async Task Edit_OfAServiceOrARoute_ConcernsItsRoutes()
    {
        await PutAllAsync();

        Keys((await Admin.Patch("services/s?dry-run=true", """{"desc":"x"}""")).ShouldBe(200).Json.GetProperty("affected")).ShouldBe(["routes/by-service", "routes/own", "routes/twice"]);
        Keys((await Admin.Patch("routes/direct?dry-run=true", """{"desc":"x"}""")).ShouldBe(200).Json.GetProperty("affected")).ShouldBe(["routes/direct"]);
        await Admin.Put("upstreams/idle", Upstream);
        JsonElement none = (await Admin.Patch("upstreams/idle?dry-run=true", """{"retries":1}""")).ShouldBe(200).Json.GetProperty("affected");
        Keys(none).ShouldBeEmpty();
        none.GetProperty("requests_per_second").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Edit_OfWhatAGlobalRuleUses_ConcernsEveryRequest()
    {
        await Admin.Put("upstreams/u", Upstream);
        await Admin.Put("global_rules/1", "{" + Split + "}");
        ReportTraffic();

        JsonElement affected = (await Admin.Patch("upstreams/u?dry-run=true", """{"retries":1}""")).ShouldBe(200).Json.GetProperty("affected");

        Keys(affected).ShouldBe(["global_rules/1"]);
        affected.GetProperty("every_request").GetBoolean().ShouldBeTrue();
        affected.GetProperty("requests_per_second").GetDouble().ShouldBe(40); // those of all routes
    }

    [Fact]
    public async Task Delete_InUse_WouldBeRefusedWithAllUsers()
    {
        await PutAllAsync();

        JsonElement refused = (await Admin.Delete("upstreams/u?dry-run=true")).ShouldBe(400).Json;
        refused.GetProperty("users").EnumerateArray().Count().ShouldBe(6);
        refused.GetProperty("error_msg").GetString().ShouldBe((await Admin.Delete("upstreams/u")).ShouldBe(400).ErrorMessage);
        refused.GetProperty("affected").GetProperty("totals").GetProperty("routes").GetInt32().ShouldBe(5);
        (await Admin.Delete("upstreams/u?dry-run=true&force=true")).ShouldBe(200).Json.GetProperty("would").GetString().ShouldBe("delete");
        (await Admin.Get("upstreams/u")).ShouldBe(200);
    }

    [Fact]
    public async Task Delete_OfAConsumer_NamesItsCredentials()
    {
        await Admin.Put("consumers/jo", """{"username":"jo"}""");
        await Admin.Put("consumers/jo/credentials/1", """{"plugins":{"key-auth":{"key":"a-very-secret-word"}}}""");

        AdminAnswer answer = (await Admin.Delete("consumers/jo?dry-run=true")).ShouldBe(200);

        answer.Json.GetProperty("also_deleted").GetRawText().ShouldBe("""["/apisix/consumers/jo/credentials/1"]""");
        Keys(answer.Json.GetProperty("affected")).ShouldBe(["consumers/jo"]);
        (await Admin.Get("consumers/jo")).ShouldBe(200);
        (await Admin.Delete("consumers/none?dry-run=true")).ShouldBe(404);
        (await Admin.Send("DELETE", "consumers/jo?dry-run=true", null, ("If-Match", "\"9\""))).ShouldBe(412);
    }

    [Theory]
    [InlineData("PUT", "upstreams/1?dry-run=yes")]
    [InlineData("DELETE", "upstreams/1?dry-run=")]
    public async Task DryRun_ThatCannotBeFollowed_WritesNothing(string method, string path)
    {
        await Admin.Put("upstreams/1", Upstream);

        (await Admin.Send(method, path, method == "PUT" ? Upstream : null)).ShouldBe(400).ErrorMessage.ShouldBe("invalid argument dry-run; allowed: true, false");
        (await Server.Store.GetAsync("/", CancellationToken.None)).Revision.ShouldBe(1);
    }

    [Fact]
    public async Task DryRun_ShowsNoSecret()
    {
        await Admin.Put("consumers/jo", """{"username":"jo","plugins":{"key-auth":{"key":"a-very-secret-word"}}}""");

        AdminAnswer answer = (await Admin.Put("consumers/jo?dry-run=true", """{"username":"jo","plugins":{"key-auth":{"key":"another-secret"}}}""")).ShouldBe(200);

        answer.Json.GetProperty("difference").GetRawText().ShouldBe("""[{"path":"plugins.key-auth.key","before":"<redacted>","after":"<redacted>","secret":true}]""");
        (await Admin.Put("consumers/jo?dry-run=true", """{"username":"jo","plugins":{"key-auth":{"key":"a-very-secret-word"}}}""")).Json.GetProperty("would").GetString().ShouldBe("nothing");
    }

    [Fact]
    public async Task DryRun_BelowApi_FollowsItsRules()
    {
        await Admin.Put("upstreams/u", Upstream);

        (await Admin.Patch("/api/upstreams/u?dry-run=true", """{"retries":4}""")).ShouldBe(200).Json.GetProperty("difference").GetRawText().ShouldBe("""[{"path":"retries","after":4}]""");
        (await Admin.Put("/api/routes/r?dry-run=true", """{"uri":"/a","plugins":{"prometheus":{}}}""")).ShouldBe(400).ErrorMessage!.ShouldStartWith("a route needs an upstream");
        (await Admin.Put("routes/r?dry-run=true", """{"uri":"/a","plugins":{"prometheus":{}}}""")).ShouldBe(200);
        (await Admin.Delete("/api/upstreams/u?dry-run=true")).ShouldBe(200).Json.GetProperty("would").GetString().ShouldBe("delete");
        (await Admin.Put("/api/workspaces/x?dry-run=true", """{"name":"x"}""")).ShouldBe(400).ErrorMessage!.ShouldStartWith("dry-run is for writes of objects");
        (await Admin.Get("/api/upstreams/u")).ShouldBe(200).Body.ShouldNotContain("retries");
    }

    private static string[] Keys(JsonElement affected) => [.. affected.GetProperty("list").EnumerateArray().Select(one => one.GetProperty("key").GetString()!["/apisix/".Length..])];

    private static JsonElement One(JsonElement affected, string key) => affected.GetProperty("list").EnumerateArray().Single(one => one.GetProperty("key").GetString() == "/apisix/" + key);

    /// <summary>Six objects that name the upstream u, four that name those, and some that have nothing to do with it.</summary>
    private async Task PutAllAsync()
    {
        await Admin.Put("upstreams/u", Upstream);
        await Admin.Put("upstreams/unused", Upstream);
        await Admin.Put("services/s", """{"upstream_id":"u"}""");
        await Admin.Put("routes/direct", Route("/direct", """ "upstream_id":"u" """));
        await Admin.Put("routes/twice", Route("/twice", """ "upstream_id":"u","service_id":"s" """));
        await Admin.Put("routes/by-split", Route("/split", Split));
        await Admin.Put("plugin_configs/p", "{" + Split + "}");
        await Admin.Put("consumer_groups/g", "{" + Split + "}");
        await Admin.Put("routes/by-service", Route("/service", """ "service_id":"s" """));
        await Admin.Put("routes/by-config", Route("/config", """ "plugin_config_id":"p","upstream_id":"unused" """));
        await Admin.Put("routes/own", Route("/own", """ "service_id":"s","upstream":{"nodes":{"127.0.0.1:1":1}} """));
        await Admin.Put("routes/other", Route("/other", """ "upstream":{"nodes":{"127.0.0.1:1":1}} """));
        (await Admin.Put("consumers/jack", """{"username":"jack","group_id":"g"}""")).ShouldBe(201);
    }

    /// <summary>Two instances get traffic for some routes.</summary>
    private void ReportTraffic()
    {
        foreach ((string id, double direct) in new[] { ("gw-1", 1.5), ("gw-2", 1.0) })
        {
            Server.Fleet.Attach(PlayedLine.Identity(id), new PlayedLine())
                .Take(new InstanceReport(RunningConfiguration.None) { Traffic = new TrafficReport(new Dictionary<string, double> { ["direct"] = direct, ["elsewhere"] = 18.75 }, []) });
        }
    }
}

public sealed class MemoryPreviewTests() : PreviewContract(StoreKind.Memory);

public sealed class EmbeddedPreviewTests() : PreviewContract(StoreKind.Embedded);
