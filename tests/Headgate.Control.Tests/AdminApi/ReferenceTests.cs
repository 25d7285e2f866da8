using Headgate.Store;
using Headgate.Testing;

namespace Headgate.Control.Tests.AdminApi;

/// <summary>What names what: missing targets, deletion of what is in use, force, expiry.</summary>
public abstract class ReferenceContract(StoreKind kind) : AdminApiTest(kind)
{
    [Theory]
    [InlineData("routes/1", """{"uri":"/a","upstream_id":"x"}""", "failed to fetch upstream info by upstream id [x], response code: 404")]
    [InlineData("routes/1", """{"uri":"/a","upstream_id":9}""", "failed to fetch upstream info by upstream id [9], response code: 404")]
    [InlineData("routes/1", """{"uri":"/a","service_id":"x"}""", "failed to fetch service info by service id [x], response code: 404")]
    [InlineData("routes/1", """{"uri":"/a","plugin_config_id":"x","upstream_id":"1"}""", "failed to fetch plugin config info by plugin config id [x], response code: 404")]
    [InlineData("services/1", """{"upstream_id":"x"}""", "failed to fetch upstream info by upstream id [x], response code: 404")]
    [InlineData("upstreams/2", """{"nodes":{"127.0.0.1:1":1},"scheme":"https","tls":{"client_cert_id":"x"}}""", "failed to fetch ssl info by ssl id [x], response code: 404")]
    public async Task Write_NamingWhatIsNotThere_Answers400(string path, string body, string text)
    {
        await Admin.Put("upstreams/1", Upstream);

        (await Admin.Put(path, body)).ShouldBe(400).ErrorMessage.ShouldBe(text);

        (await Admin.Get(path)).ShouldBe(404);
    }

    [Fact]
    public async Task Write_NamingTwoThatAreNotThere_ListsBoth()
    {
        AdminAnswer answer = (await Admin.Put("routes/1", """{"uri":"/a","upstream_id":"x","service_id":"y"}""")).ShouldBe(400);

        answer.Members.ShouldBe(["error_msg", "errors"]);
        answer.ErrorMessage.ShouldBe("failed to fetch upstream info by upstream id [x], response code: 404");
        answer.Json.GetProperty("errors").GetRawText().ShouldBe(
            """[{"path":"upstream_id","message":"failed to fetch upstream info by upstream id [x], response code: 404"},{"path":"service_id","message":"failed to fetch service info by service id [y], response code: 404"}]""");
    }

    [Fact]
    public async Task Delete_UsedUpstream_NamesAllUsers()
    {
        await Admin.Put("upstreams/1", Upstream);
        await Admin.Put("services/s", """{"upstream_id":1}""");
        await Admin.Put("routes/r2", Route("/b", "\"upstream_id\":\"1\""));
        await Admin.Put("routes/r1", Route("/a", "\"upstream_id\":1"));

        AdminAnswer answer = (await Admin.Delete("upstreams/1")).ShouldBe(400);

        answer.Body.ShouldBe(
            """{"error_msg":"can not delete this upstream, route [r1] is still using it now; also route [r2], service [s]","users":["/apisix/routes/r1","/apisix/routes/r2","/apisix/services/s"]}""" + "\n");
        (await Admin.Get("upstreams/1")).ShouldBe(200);
    }

    [Fact]
    public async Task Delete_UpstreamOfOneRoute_AnswersExactlyAsApisix()
    {
        await Admin.Put("upstreams/1", Upstream);
        await Admin.Put("routes/r1", Route("/a", "\"upstream_id\":1"));

        (await Admin.Delete("upstreams/1")).ShouldBe(400).ErrorMessage.ShouldBe("can not delete this upstream, route [r1] is still using it now");
    }

    [Fact]
    public async Task Delete_UsedService_NamesItsRoute()
    {
        await Admin.Put("services/s", """{"upstream":{"nodes":{"127.0.0.1:1":1}}}""");
        await Admin.Put("routes/r1", Route("/a", "\"service_id\":\"s\""));

        (await Admin.Delete("services/s")).ShouldBe(400).ErrorMessage.ShouldBe("can not delete this service directly, route [r1] is still using it now");
        (await Admin.Delete("routes/r1")).ShouldBe(200);
        (await Admin.Delete("services/s")).ShouldBe(200);
    }

    [Fact]
    public async Task Delete_WithManyUsers_NamesTwentyAndListsAll()
    {
        await Admin.Put("upstreams/1", Upstream);
        for (int i = 0; i < 30; i++)
            await Admin.Put($"routes/r{i:D2}", Route($"/{i}", "\"upstream_id\":\"1\""));

        AdminAnswer answer = (await Admin.Delete("upstreams/1")).ShouldBe(400);

        answer.ErrorMessage!.ShouldEndWith(", route [r19] and 10 more");
        answer.Json.GetProperty("users").GetArrayLength().ShouldBe(30);
    }

    [Fact]
    public async Task Delete_AfterTheLastUserLetGo_Succeeds()
    {
        await Admin.Put("upstreams/1", Upstream);
        await Admin.Put("upstreams/2", Upstream);
        await Admin.Put("routes/r", Route("/a", "\"upstream_id\":\"1\""));
        (await Admin.Patch("routes/r", """{"upstream_id":"2"}""")).ShouldBe(200);

        (await Admin.Delete("upstreams/1")).ShouldBe(200);
        (await Admin.Delete("upstreams/2")).ShouldBe(400);
        (await Admin.Delete("routes/r")).ShouldBe(200);
        (await Admin.Delete("upstreams/2")).ShouldBe(200);
    }

    [Fact]
    public async Task Delete_ByForce_LeavesTheUserAndRecordsIt()
    {
        await Admin.Put("upstreams/1", Upstream);
        await Admin.Put("routes/r", Route("/a", "\"upstream_id\":\"1\""));

        (await Admin.Delete("upstreams/1?force=false")).ShouldBe(400);
        (await Admin.Delete("upstreams/1?force=true")).ShouldBe(200);

        (await Admin.Get("routes/r")).ShouldBe(200);
        var history = await Server.Store.GetHistoryAsync("/apisix/upstreams/1", 1, CancellationToken.None);
        history[0].Origin.Why.ShouldBe("DELETE /apisix/admin/upstreams/1?force=true");
        (await Admin.Patch("routes/r", """{"desc":"x"}""")).ShouldBe(400).ErrorMessage.ShouldBe("failed to fetch upstream info by upstream id [1], response code: 404");
    }

    [Fact]
    public async Task Delete_UsedByAnotherProgramsObject_IsRefused()
    {
        await Admin.Put("upstreams/1", Upstream);
        await WriteBeside("/apisix/global_rules/g", """{"id":"g","plugins":{"traffic-split":{"rules":[{"weighted_upstreams":[{"weight":1},{"upstream_id":1}]}]}}}""");

        // Whether the index knew of it or the compare found it out: never deleted.
        (await Admin.Delete("upstreams/1")).ShouldBe(400).ErrorMessage.ShouldBe("can not delete this upstream, plugin in global_rules [g] is still using it now");
    }

    [Fact]
    public async Task Write_OverAnotherProgramsWrite_KeepsItsCreateTime()
    {
        await WriteBeside("/apisix/upstreams/1", """{"id":"1","nodes":{"127.0.0.1:1":1},"create_time":1600000000,"update_time":1600000000}""");

        (await Admin.Put("upstreams/1", Upstream)).ShouldBe(200).Value.GetProperty("create_time").GetInt64().ShouldBe(1_600_000_000);
    }

    [Fact]
    public async Task List_WithAnEntryThatIsNotJson_AnswersTheOthers()
    {
        await Admin.Put("upstreams/1", Upstream);
        await WriteBeside("/apisix/upstreams/2", "not json");

        (await Admin.Get("upstreams")).ShouldBe(200).Keys.ShouldBe(["/apisix/upstreams/1"]);
        (await Admin.Get("upstreams/2")).ShouldBe(404);
        (await Admin.Put("upstreams/2", Upstream)).ShouldBe(200);
    }

    [Fact]
    public async Task Ttl_DeletesTheObjectThen()
    {
        (await Admin.Put("upstreams/1?ttl=0.05", Upstream)).ShouldBe(201);

        await Eventually.HoldsAsync(async () => (await Admin.Get("upstreams/1")).Status == 404, "the object with a ttl is gone");
        (await Admin.Put("upstreams/1", Upstream)).ShouldBe(201);
    }

    private async Task WriteBeside(string key, string value) =>
        (await Server.Store.CommitAsync(
            new Commit { Operations = [new Operation.Put(key, System.Text.Encoding.UTF8.GetBytes(value))], Origin = new Origin("unknown", "local", "") },
            CancellationToken.None)).Applied.ShouldBeTrue();
}

/// <inheritdoc/>
public sealed class ReferenceTests() : ReferenceContract(StoreKind.Memory);

/// <inheritdoc/>
public sealed class ReferenceOverEmbeddedStoreTests() : ReferenceContract(StoreKind.Embedded);
