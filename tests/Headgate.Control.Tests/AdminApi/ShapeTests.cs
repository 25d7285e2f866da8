using System.Text.Json;

namespace Headgate.Control.Tests.AdminApi;

/// <summary>Shapes of answers, byte for byte where clients look (docs/reference/admin-api.md).</summary>
public abstract class ShapeContract(StoreKind kind) : AdminApiTest(kind)
{
    [Fact]
    public async Task Put_New_Answers201WithKeyAndValueOnly()
    {
        AdminAnswer answer = (await Admin.Put("upstreams/1", Upstream)).ShouldBe(201);

        answer.Body.ShouldBe("""{"key":"/apisix/upstreams/1","value":{"nodes":{"127.0.0.1:1980":1},"id":"1","create_time":1700000000,"update_time":1700000000}}""" + "\n");
        answer.Message.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
    }

    [Fact]
    public async Task Put_Existing_Answers200KeepsCreateTimeSetsUpdateTime()
    {
        await Admin.Put("upstreams/1", Upstream);
        Server.Clock.UnixSeconds += 60;

        AdminAnswer answer = (await Admin.Put("upstreams/1", """{"nodes":{"127.0.0.1:1981":1}}""")).ShouldBe(200);

        answer.Members.ShouldBe(["key", "value"]);
        answer.Value.GetProperty("create_time").GetInt64().ShouldBe(1_700_000_000);
        answer.Value.GetProperty("update_time").GetInt64().ShouldBe(1_700_000_060);
    }

    [Fact]
    public async Task Put_LateInASecond_TimesAreTheSecondThatHasBegun()
    {
        Server.Clock.Milliseconds = 999;

        AdminAnswer answer = (await Admin.Put("upstreams/1", Upstream)).ShouldBe(201);

        answer.Value.GetProperty("create_time").GetInt64().ShouldBe(1_700_000_000);
        answer.Value.GetProperty("update_time").GetInt64().ShouldBe(1_700_000_000);
    }

    [Fact]
    public async Task Put_IdInBodyOnly_StoresUnderItAsString()
    {
        AdminAnswer answer = (await Admin.Put("upstreams", """{"id":7,"nodes":{"127.0.0.1:1980":1}}""")).ShouldBe(201);

        answer.Json.GetProperty("key").GetString().ShouldBe("/apisix/upstreams/7");
        answer.Value.GetProperty("id").ValueKind.ShouldBe(JsonValueKind.String);
        answer.Value.EnumerateObject().First().Name.ShouldBe("id");
    }

    [Fact]
    public async Task Put_SameIdInPathAndBodyAsNumber_IsAccepted()
    {
        AdminAnswer answer = (await Admin.Put("upstreams/7", """{"id":7,"nodes":{"127.0.0.1:1980":1}}""")).ShouldBe(201);

        answer.Value.GetProperty("id").GetString().ShouldBe("7");
    }

    [Fact]
    public async Task Post_AnswersRisingTwentyDigitIds()
    {
        List<string> ids = [];
        for (int i = 0; i < 3; i++)
        {
            AdminAnswer answer = (await Admin.Post("upstreams", Upstream)).ShouldBe(201);
            answer.Members.ShouldBe(["key", "value"]);
            string id = answer.Value.GetProperty("id").GetString()!;
            answer.Json.GetProperty("key").GetString().ShouldBe("/apisix/upstreams/" + id);
            ids.Add(id);
        }

        ids.ShouldAllBe(id => id.Length == 20 && id.All(char.IsAsciiDigit));
        ids.ShouldBe(ids.Order(StringComparer.Ordinal));
        ids.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task GetOne_AnswersFourMembersAndETag()
    {
        await Admin.Put("upstreams/1", Upstream);
        await Admin.Put("upstreams/10", Upstream);

        AdminAnswer answer = (await Admin.Get("upstreams/1")).ShouldBe(200);

        answer.Members.ShouldBe(["key", "value", "createdIndex", "modifiedIndex"]);
        answer.Json.GetProperty("key").GetString().ShouldBe("/apisix/upstreams/1");
        answer.Header("ETag").ShouldBe($"\"{answer.Json.GetProperty("modifiedIndex").GetInt64()}\"");
    }

    [Fact]
    public async Task GetOne_AfterUpdate_KeepsCreatedIndexRaisesModifiedIndex()
    {
        await Admin.Put("upstreams/1", Upstream);
        JsonElement before = (await Admin.Get("upstreams/1")).Json;
        await Admin.Put("upstreams/1", Upstream);
        JsonElement after = (await Admin.Get("upstreams/1")).Json;

        after.GetProperty("createdIndex").GetInt64().ShouldBe(before.GetProperty("createdIndex").GetInt64());
        after.GetProperty("modifiedIndex").GetInt64().ShouldBeGreaterThan(before.GetProperty("modifiedIndex").GetInt64());
    }

    [Fact]
    public async Task GetOne_WithPrefixNeighboursOnly_Answers404()
    {
        await Admin.Put("upstreams/10", Upstream);

        AdminAnswer answer = (await Admin.Get("upstreams/1")).ShouldBe(404);

        answer.Body.ShouldBe("""{"message":"Key not found"}""" + "\n");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task MissingId_Answers404WithMessage(string method)
    {
        AdminAnswer answer = (await Admin.Send(method, "routes/none", method == "PATCH" ? "{}" : null)).ShouldBe(404);

        answer.Body.ShouldBe("""{"message":"Key not found"}""" + "\n");
    }

    [Theory]
    [InlineData("upstreams")]
    [InlineData("routes")]
    [InlineData("services")]
    [InlineData("consumers")]
    [InlineData("ssls")]
    [InlineData("global_rules")]
    [InlineData("plugin_configs")]
    [InlineData("consumer_groups")]
    [InlineData("plugin_metadata")]
    [InlineData("protos")]
    [InlineData("secrets")]
    [InlineData("stream_routes")]
    public async Task GetList_Empty_AnswersAnEmptyArray(string kind)
    {
        AdminAnswer answer = (await Admin.Get(kind)).ShouldBe(200);

        answer.Body.ShouldBe("""{"list":[],"total":0}""" + "\n");
    }

    [Fact]
    public async Task GetList_AnswersFourMembersEach()
    {
        await Admin.Put("upstreams/1", Upstream);

        AdminAnswer answer = (await Admin.Get("upstreams/")).ShouldBe(200);

        answer.Json.GetProperty("total").GetInt32().ShouldBe(1);
        answer.Json.GetProperty("list")[0].EnumerateObject().Select(member => member.Name).ShouldBe(["key", "value", "createdIndex", "modifiedIndex"]);
    }

    [Fact]
    public async Task Delete_AnswersDeletedAsTextAndKey()
    {
        await Admin.Put("upstreams/1", Upstream);

        AdminAnswer answer = (await Admin.Delete("upstreams/1")).ShouldBe(200);

        answer.Body.ShouldBe("""{"deleted":"1","key":"/apisix/upstreams/1"}""" + "\n");
        (await Admin.Get("upstreams/1")).ShouldBe(404);
    }

    [Fact]
    public async Task Put_WhatIsStored_IsWhatTheUserWrote()
    {
        const string Written = """{"type":"roundrobin","timeout":{"connect":1.0,"send":2.50,"read":6e1},"desc":"Öl & <b> \"x\" / y","nodes":[{"host":"127.0.0.1","port":1980,"weight":1}],"retries":0}""";
        await Admin.Put("upstreams/1", Written);

        string stored = (await Admin.Get("upstreams/1")).Value.GetRawText();

        stored.ShouldBe(Written[..^1] + ""","id":"1","create_time":1700000000,"update_time":1700000000}""");
    }

    [Fact]
    public async Task Put_MemberTwice_TakesTheLast()
    {
        await Admin.Put("upstreams/1", """{"desc":"a","nodes":{"127.0.0.1:1":1,"127.0.0.1:1":2},"desc":"b"}""");

        JsonElement value = (await Admin.Get("upstreams/1")).Value;

        value.GetRawText().ShouldStartWith("""{"desc":"b","nodes":{"127.0.0.1:1":2},"id":"1",""");
    }

    [Theory]
    [InlineData("""{"127.0.0.1:1980":1}""")]
    [InlineData("""[{"host":"127.0.0.1","port":1980,"weight":1}]""")]
    public async Task Nodes_ComeBackInTheFormWritten(string nodes)
    {
        await Admin.Put("upstreams/1", $$"""{"nodes":{{nodes}}}""");

        (await Admin.Get("upstreams/1")).Value.GetProperty("nodes").GetRawText().ShouldBe(nodes);
    }

    [Fact]
    public async Task EveryAnswer_NamesApisixAndHeadgate()
    {
        AdminAnswer answer = await Admin.Get("routes");

        answer.Message.Headers.Server.ToString().ShouldBe("APISIX/3.18.0 Headgate/0.1.0");
        answer.Header("X-API-VERSION").ShouldBe("v3");
    }

    [Fact]
    public async Task Head_OfTheRoot_NeedsNoKey()
    {
        using AdminClient stranger = new(Server.Address, null);

        AdminAnswer answer = (await stranger.Send("HEAD", "/apisix/admin")).ShouldBe(200);

        answer.Message.Headers.Server.ToString().ShouldStartWith("APISIX/3.18.0");
    }
}

/// <inheritdoc/>
public sealed class ShapeTests() : ShapeContract(StoreKind.Memory);

/// <inheritdoc/>
public sealed class ShapeOverEmbeddedStoreTests() : ShapeContract(StoreKind.Embedded);
