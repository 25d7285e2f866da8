namespace Headgate.Control.Tests.AdminApi;

/// <summary>Order, paging and filters of lists.</summary>
public abstract class ListContract(StoreKind kind) : AdminApiTest(kind)
{
    [Fact]
    public async Task List_WithoutPaging_IsInKeyOrder()
    {
        foreach (string id in (string[])["b", "10", "a", "1", "2"])
            await Admin.Put("upstreams/" + id, Upstream);

        (await Admin.Get("upstreams")).Keys.ShouldBe(["/apisix/upstreams/1", "/apisix/upstreams/10", "/apisix/upstreams/2", "/apisix/upstreams/a", "/apisix/upstreams/b"]);
    }

    [Fact]
    public async Task List_Paged_IsInOrderOfCreation()
    {
        await PutMany(12);

        AdminAnswer first = await Admin.Get("upstreams?page=1&page_size=10");
        AdminAnswer second = await Admin.Get("upstreams?page=2&page_size=10");

        first.Keys.ShouldBe([.. Enumerable.Range(0, 10).Select(i => "/apisix/upstreams/" + (12 - i))]);
        second.Keys.ShouldBe(["/apisix/upstreams/2", "/apisix/upstreams/1"]);
        second.Json.GetProperty("total").GetInt32().ShouldBe(12);
    }

    [Theory]
    [InlineData("page=0&page_size=10", 10)]
    [InlineData("page=-3&page_size=10", 10)]
    [InlineData("page=3&page_size=10", 0)]
    [InlineData("page=99999999999999999999&page_size=10", 0)]
    [InlineData("page=1", 12)]
    [InlineData("page_size=10", 12)]
    [InlineData("page=one&page_size=10", 12)]
    [InlineData("page=1&page_size=500", 12)]
    public async Task Page_Bounds(string query, int count)
    {
        await PutMany(12);

        AdminAnswer answer = (await Admin.Get("upstreams?" + query)).ShouldBe(200);

        answer.Keys.Length.ShouldBe(count);
        answer.Json.GetProperty("total").GetInt32().ShouldBe(12);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(501)]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task PageSize_OutOfRange_Answers400AsPlainText(int size)
    {
        AdminAnswer answer = (await Admin.Get($"upstreams?page=1&page_size={size}")).ShouldBe(400);

        answer.Body.ShouldBe("page_size must be between 10 and 500");
        answer.Message.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
    }

    [Theory]
    [InlineData("name=^ord", "1")]
    [InlineData("name=er", "1,2")]
    [InlineData("name=nothing", "")]
    [InlineData("label=team", "1,3")]
    [InlineData("label=core", "")]
    [InlineData("label=team&name=ord", "1")]
    [InlineData("plugin=traffic-split", "2")]
    [InlineData("plugin=traffic-split&name=ord", "")]
    [InlineData("plugin=traffic", "")]
    [InlineData("uri=^/b", "2,3")]
    [InlineData("uri=c$", "3")]
    [InlineData("filter=service_id%3D7", "3")]
    [InlineData("filter=upstream_id%3Du1", "1,2")]
    [InlineData("filter=upstream_id%3Du", "")]
    [InlineData("filter=unknown%3Dx", "1,2,3")]
    [InlineData("filter=service_id%3D1%26service_id%3D7", "3")]
    public async Task Filters_SelectAndCount(string query, string ids)
    {
        await Admin.Put("upstreams/u1", Upstream);
        await Admin.Put("services/7", """{"upstream_id":"u1"}""");
        (await Admin.Put("routes/1", """{"uri":"/a","upstream_id":"u1","name":"orders","labels":{"team":"core"}}""")).ShouldBe(201);
        (await Admin.Put("routes/2", """{"uri":"/b","upstream_id":"u1","name":"users","plugins":{"traffic-split":{}}}""")).ShouldBe(201);
        (await Admin.Put("routes/3", """{"uris":["/b2","/c"],"service_id":7,"labels":{"team":"web"}}""")).ShouldBe(201);

        AdminAnswer answer = (await Admin.Get("routes?" + query)).ShouldBe(200);

        string[] expected = ids.Length == 0 ? [] : [.. ids.Split(',').Select(id => "/apisix/routes/" + id)];
        answer.Keys.ShouldBe(expected);
        answer.Json.GetProperty("total").GetInt32().ShouldBe(expected.Length);
    }

    [Fact]
    public async Task Filter_ByName_FindsConsumersByTheirUsername()
    {
        (await Admin.Put("consumers/jack", "{\"username\":\"jack\"}")).ShouldBe(201);
        (await Admin.Put("consumers/jill", "{\"username\":\"jill\"}")).ShouldBe(201);

        (await Admin.Get("consumers?name=ac")).Keys.ShouldBe(["/apisix/consumers/jack"]);
    }

    [Fact]
    public async Task Total_CountsTheFilteredBeforePaging()
    {
        await PutMany(25);
        for (int i = 0; i < 11; i++)
            await Admin.Put($"upstreams/named-{i}", """{"name":"named","nodes":{"127.0.0.1:1":1}}""");

        AdminAnswer answer = await Admin.Get("upstreams?name=named&page=2&page_size=10");

        answer.Keys.ShouldBe(["/apisix/upstreams/named-10"]);
        answer.Json.GetProperty("total").GetInt32().ShouldBe(11);
    }

    [Fact]
    public async Task Pattern_NotARegularExpression_Answers400()
    {
        (await Admin.Get("routes?name=(")).ShouldBe(400).ErrorMessage!.ShouldStartWith("invalid argument name: not a regular expression: ");
    }

    [Fact]
    public async Task Pattern_ThatNeverEnds_IsStopped()
    {
        await Admin.Put("upstreams/1", "{\"name\":\"" + new string('a', 60) + "\",\"nodes\":{\"127.0.0.1:1\":1}}");

        (await Admin.Get("upstreams?name=(a%2B)%2B%24b")).ShouldBe(400).ErrorMessage!.ShouldContain("takes longer than");
    }

    private async Task PutMany(int count)
    {
        for (int id = count; id > 0; id--)
            (await Admin.Put($"upstreams/{id}", Upstream)).ShouldBe(201);
    }
}

/// <inheritdoc/>
public sealed class ListTests() : ListContract(StoreKind.Memory);

/// <inheritdoc/>
public sealed class ListOverEmbeddedStoreTests() : ListContract(StoreKind.Embedded);
