using System.Text.Json;
using Headgate.Control.Tests.AdminApi;
using Headgate.Core.Upstreams;
using Headgate.Store;

namespace Headgate.Control.Tests.Overrides;

/// <summary><c>/api/overrides</c> and the override of a node.</summary>
public sealed class OverrideApiTests : IAsyncLifetime
{
    private const string First = "/api/upstreams/1/nodes/10.0.0.1:80/override";
    private const string Second = "/api/upstreams/1/nodes/10.0.0.2:80/override";
    private const string Drain = """{"kind":"drain"}""";

    private OverrideServer _server = null!;

    private AdminClient Admin => _server.Client;

    public async ValueTask InitializeAsync() => _server = await OverrideServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Put_Drain_HasTakenEffectWhenItIsAnswered()
    {
        AdminAnswer answer = (await Admin.Put(First, """{"kind":"drain","deadline":30.5,"note":"new disks"}""")).ShouldBe(201);

        _server.Node(0).Exclusions.ShouldBe(NodeExclusions.Draining);
        answer.Members.ShouldBe(["upstream", "host", "port", "kind", "deadline", "note", "who", "since", "served", "in_flight", "drained", "deadline_left"]);
        JsonElement json = answer.Json;
        json.GetProperty("upstream").GetString().ShouldBe("upstreams/1");
        json.GetProperty("host").GetString().ShouldBe("10.0.0.1");
        json.GetProperty("port").GetInt32().ShouldBe(80);
        json.GetProperty("deadline").GetDouble().ShouldBe(30.5);
        json.GetProperty("who").GetString().ShouldBe("ops");
        json.GetProperty("deadline_left").GetDouble().ShouldBeInRange(20, 30.5);
        (await Admin.Put(First, Drain)).ShouldBe(200);
        (await _server.Store.FindAsync("/apisix/overrides/upstreams/1/10.0.0.1:80", CancellationToken.None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Put_DryRun_IsRefusedAndWritesNothing()
    {
        (await Admin.Put(First + "?dry-run=true", Drain)).ShouldBe(400).ErrorMessage!.ShouldStartWith("dry-run is for writes of objects");
        (await Admin.Get(First)).ShouldBe(404);
    }

    [Fact]
    public async Task Get_TellsWhatIsUnderWayAndThatTheNodeIsDrained()
    {
        _server.Node(0).BeginTry();
        (await Admin.Put(First, Drain)).ShouldBe(201).Json.GetProperty("in_flight").GetInt32().ShouldBe(1);
        (await Admin.Get(First)).ShouldBe(200).Json.GetProperty("drained").GetBoolean().ShouldBeFalse();

        _server.Node(0).EndTry();
        await Testing.Eventually.HoldsAsync(async () => (await Admin.Get(First)).Json.GetProperty("drained").GetBoolean(), "drained");

        AdminAnswer answer = await Admin.Get(First);
        answer.Members.ShouldBe(["upstream", "host", "port", "kind", "who", "since", "served", "in_flight", "drained", "drained_at"]);
        answer.Json.GetProperty("in_flight").GetInt32().ShouldBe(0);
        answer.Json.GetProperty("drained_at").GetDouble().ShouldBeGreaterThanOrEqualTo(answer.Json.GetProperty("since").GetDouble());
        answer.Header("ETag").ShouldBe("\"2\"");
    }

    [Fact]
    public async Task List_AllOverrides_ThoseOfNodesThatLeftIncluded()
    {
        (await Admin.Get("/api/overrides")).ShouldBe(200).Body.ShouldBe("""{"list":[],"total":0}""" + "\n");
        await Admin.Put("routes/7", """{"uri":"/*","upstream":{"nodes":{"[::1]:81":1,"10.0.0.9:80":1}}}""");
        (await Admin.Put("/api/routes/7/nodes/[::1]:81/override", """{"kind":"force_down"}""")).ShouldBe(201);
        (await Admin.Put(First, """{"kind":"force_up"}""")).ShouldBe(201);
        await Admin.Put("upstreams/1", """{"nodes":{"10.0.0.2:80":1}}""");
        await _server.Store.CommitAsync(
            new Commit { Operations = [new Operation.Put("/apisix/overrides/upstreams/1/a:1", "no"u8.ToArray())], Origin = new Origin("x", "y", "z") }, CancellationToken.None);

        await Testing.Eventually.HoldsAsync(() => _server.Overrides.All.Any(item => item.Node is null), "the edit is served");

        AdminAnswer answer = (await Admin.Get("/api/overrides")).ShouldBe(200);
        answer.Json.GetProperty("total").GetInt32().ShouldBe(2);
        answer.Json.GetProperty("list").EnumerateArray().Select(item =>
            $"{item.GetProperty("upstream")} {item.GetProperty("host")} {item.GetProperty("kind")} {item.GetProperty("served")}")
            .ShouldBe(["routes/7 [::1] force_down True", "upstreams/1 10.0.0.1 force_up False"]);
    }

    [Fact]
    public async Task List_OfAnUpstream_HasThoseOfItsNodesAlone()
    {
        await Admin.Put("upstreams/11", """{"nodes":{"10.0.0.1:80":1}}""");
        await Admin.Put("routes/1", """{"uri":"/*","upstream":{"nodes":{"[::1]:81":1}}}""");
        (await Admin.Put("/api/upstreams/11/nodes/10.0.0.1:80/override", """{"kind":"force_up"}""")).ShouldBe(201);
        (await Admin.Put("/api/routes/1/nodes/[::1]:81/override", """{"kind":"force_up"}""")).ShouldBe(201);
        (await Admin.Put(First, Drain)).ShouldBe(201);

        await ShouldListAsync("upstreams/1", "drain");
        await ShouldListAsync("upstreams/11", "force_up");
        await ShouldListAsync("routes/1", "force_up");
        await ShouldListAsync("services/1");
        (await Admin.Get("/api/upstreams/a:b/overrides")).ShouldBe(400);
        (await Admin.Put("/api/upstreams/1/overrides", Drain)).ShouldBe(405);

        async Task ShouldListAsync(string upstream, params string[] kinds)
        {
            AdminAnswer answer = (await Admin.Get($"/api/{upstream}/overrides")).ShouldBe(200);
            answer.Json.GetProperty("list").EnumerateArray().Select(item => $"{item.GetProperty("upstream")} {item.GetProperty("kind")}").ShouldBe(kinds.Select(kind => $"{upstream} {kind}"));
            answer.Json.GetProperty("total").GetInt32().ShouldBe(kinds.Length);
        }
    }

    [Fact]
    public async Task Delete_TakesItBack()
    {
        await Admin.Put(First, Drain);

        (await Admin.Delete(First)).ShouldBe(200).Body.ShouldBe("""{"deleted":"1","key":"/apisix/overrides/upstreams/1/10.0.0.1:80"}""" + "\n");

        _server.Node(0).Exclusions.ShouldBe(NodeExclusions.None);
        (await Admin.Get(First)).ShouldBe(404).Body.ShouldBe("""{"message":"Key not found"}""" + "\n");
        (await Admin.Delete(First)).ShouldBe(404);
    }

    [Fact]
    public async Task Put_TooFewNodesWouldRemain_IsRefusedWithTheNumbers()
    {
        await Admin.Put(First, Drain);

        AdminAnswer answer = (await Admin.Put(Second, """{"kind":"force_down"}""")).ShouldBe(409);

        answer.Body.ShouldBe(
            """{"error_msg":"force_down of 10.0.0.2:80 is refused: it would leave upstreams/1 with 0 usable of 2 nodes (1 now), and min_remaining is 1; set force to do it all the same","nodes":2,"usable":1,"remaining":0,"min_remaining":1}""" + "\n");
        _server.Node(1).Exclusions.ShouldBe(NodeExclusions.None);
        (await Admin.Put(First, """{"kind":"force_down"}""")).ShouldBe(200); // it is out already
        (await Admin.Put(Second, """{"kind":"drain","min_remaining":0}""")).ShouldBe(201);
        (await Admin.Delete(Second)).ShouldBe(200);
        (await Admin.Put(Second, """{"kind":"drain","force":true}""")).ShouldBe(201);
    }

    [Fact]
    public async Task Put_MoreMustRemain_IsRefused()
    {
        (await Admin.Put(First, """{"kind":"drain","min_remaining":2}""")).ShouldBe(409).Json.GetProperty("remaining").GetInt32().ShouldBe(1);
        _server.Node(1).Exclude(NodeExclusions.Ejected);
        (await Admin.Put(First, Drain)).ShouldBe(409).ErrorMessage!.ShouldContain("with 0 usable of 2 nodes (1 now)");
        (await Admin.Put(Second, Drain)).ShouldBe(201); // the ejected one is no loss
    }

    [Fact]
    public async Task Put_BothNodesAtOnce_OneIsRefused()
    {
        for (int round = 0; round < 10; round++)
        {
            AdminAnswer[] answers = await Task.WhenAll(Admin.Put(First, Drain), Admin.Put(Second, Drain));

            answers.Select(answer => answer.Status).Order().ShouldBe([201, 409]);
            await Admin.Delete(First);
            await Admin.Delete(Second);
        }
    }

    [Fact]
    public async Task Put_AnotherProcessTakesTheOtherNodeInBetween_IsRefused()
    {
        _server.Store.BeforeCommit = async commit =>
        {
            _server.Store.BeforeCommit = null;
            byte[] other = """{"kind":"drain","who":"other","since":1}"""u8.ToArray();
            await _server.Store.CommitAsync(new Commit { Operations = [new Operation.Put("/apisix/overrides/upstreams/1/10.0.0.2:80", other)], Origin = commit.Origin }, CancellationToken.None);
        };

        (await Admin.Put(First, Drain)).ShouldBe(409);
    }

    [Theory]
    [InlineData("/api/upstreams/1/nodes/10.0.0.3:80/override", 404, "upstreams/1 has no node 10.0.0.3:80; its nodes are 10.0.0.1:80, 10.0.0.2:80")]
    [InlineData("/api/upstreams/2/nodes/10.0.0.1:80/override", 404, "upstreams/2 is not served: it does not exist, or is refused (the log says why)")]
    [InlineData("/api/routes/2/nodes/10.0.0.1:80/override", 404, "routes/2 has no upstream of its own that is served")]
    [InlineData("/api/upstreams/1/nodes/10.0.0.1/override", 400, "upstreams/1/nodes/10.0.0.1 names no node; write upstreams/ID/nodes/HOST:PORT with a port of 1 to 65535, an IPv6 address in brackets")]
    public async Task Put_NoSuchNode_SaysWhatThereIs(string path, int status, string message) =>
        (await Admin.Put(path, Drain)).ShouldBe(status).ErrorMessage.ShouldBe(message);

    [Theory]
    [InlineData("", "missing configurations")]
    [InlineData("[]", "invalid configuration: wrong type: expected object, got table")]
    [InlineData("{", null)]
    [InlineData("""{"kind":"rest"}""", "invalid configuration: property \"kind\" validation failed: matches none of the enum values (given \"rest\"; allowed: drain, force_up, force_down)")]
    public async Task Put_NotARequest_Is400(string body, string? message)
    {
        AdminAnswer answer = (await Admin.Put(First, body)).ShouldBe(400);

        if (message is not null)
            answer.ErrorMessage.ShouldBe(message);
    }

    [Fact]
    public async Task Keys_AreThoseOfTheAdminApi()
    {
        using AdminClient viewer = new(_server.Address, AdminServer.ViewerKey);
        using AdminClient stranger = new(_server.Address, null);

        (await viewer.Get("/api/overrides")).ShouldBe(200);
        (await viewer.Put(First, Drain)).ShouldBe(401);
        (await viewer.Delete(First)).ShouldBe(401);
        (await stranger.Get("/api/overrides")).ShouldBe(401);
        (await stranger.Put(First, Drain)).ShouldBe(401);
        (await Admin.Post(First, Drain)).ShouldBe(405);
        (await Admin.Put("/api/overrides", Drain)).ShouldBe(405);
    }

    [Fact]
    public async Task AdminApi_KnowsNothingOfOverrides()
    {
        await Admin.Put(First, Drain);

        (await Admin.Get("overrides")).ShouldBe(404).ErrorMessage.ShouldBe("Unsupported resource type: overrides");
        (await Admin.Delete("overrides/upstreams")).ShouldBe(404);
        (await Admin.Get("schema/override")).ShouldBe(400);
        (await Admin.Get("upstreams")).Keys.ShouldBe(["/apisix/upstreams/1"]);
        (await Admin.Delete("upstreams/1")).ShouldBe(200);
        (await Admin.Get("/api/overrides")).Json.GetProperty("total").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Write_IsRecordedWithWhoWhereAndWhy()
    {
        await Admin.Put(First, Drain);
        await Admin.Delete(First);

        var history = await _server.Store.GetHistoryAsync("/apisix/overrides/upstreams/1/10.0.0.1:80", 10, CancellationToken.None);
        history.Select(record => record.Origin).ShouldBe([
            new Origin("ops", "127.0.0.1", "DELETE /api/upstreams/1/nodes/10.0.0.1:80/override"), new Origin("ops", "127.0.0.1", "PUT /api/upstreams/1/nodes/10.0.0.1:80/override")]);
    }
}
