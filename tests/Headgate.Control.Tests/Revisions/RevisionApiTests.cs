using System.Text;
using System.Text.Json;
using Headgate.Control.Tests.AdminApi;
using Headgate.Store;

namespace Headgate.Control.Tests.Revisions;

/// <summary>The audit log, the history of one object, and the past of a kind.</summary>
public abstract class RevisionApiContract(StoreKind kind) : AdminApiTest(kind)
{
    private const string Group = "/api/gateway_groups/default/";

    [Fact]
    public async Task Search_ShowsWhoWhenWhyAndTheFieldsThatDiffer()
    {
        await Admin.Put("upstreams/1", """{"nodes":[{"host":"10.0.0.1","port":80,"weight":1},{"host":"10.0.0.2","port":80,"weight":1}]}""");
        await Admin.Send(
            "PUT", "upstreams/1", """{"nodes":[{"host":"10.0.0.1","port":80,"weight":2},{"host":"10.0.0.2","port":80,"weight":1}],"retries":3}""", ("X-Headgate-Message", "the first one is new"));
        await Admin.Delete("upstreams/1");

        JsonElement[] list = [.. (await Admin.Get(Group + "revisions")).ShouldBe(200).Json.GetProperty("list").EnumerateArray()];
        list.Select(one => $"{one.GetProperty("revision")} {one.GetProperty("change")} {one.GetProperty("kind")}/{one.GetProperty("id")} by {one.GetProperty("who")} from {one.GetProperty("where")}")
            .ShouldBe(["3 deleted upstreams/1 by ops from 127.0.0.1", "2 updated upstreams/1 by ops from 127.0.0.1", "1 created upstreams/1 by ops from 127.0.0.1"]);
        list.Select(one => one.GetProperty("why").GetString())
            .ShouldBe(["DELETE /apisix/admin/upstreams/1", "the first one is new (PUT /apisix/admin/upstreams/1)", "PUT /apisix/admin/upstreams/1"]);
        list[1].GetProperty("difference").GetRawText().ShouldBe("""[{"path":"nodes[10.0.0.1:80].weight","before":1,"after":2},{"path":"retries","after":3}]""");
        list[0].GetProperty("difference")[0].GetProperty("path").GetString().ShouldBe("");
        Math.Abs(list[0].GetProperty("time").GetDouble() - TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()).ShouldBeLessThan(600);
    }

    [Fact]
    public async Task Search_FiltersAndPages()
    {
        for (int i = 1; i <= 5; i++)
            await Admin.Put($"upstreams/{i}", Upstream);
        await Admin.Put("consumers/jack", """{"username":"jack"}""");
        await Admin.Put("consumers/jack/credentials/1", """{"plugins":{"key-auth":{"key":"k"}}}""");

        (await KeysAsync("?kind=upstreams&page_size=2")).ShouldBe(["/apisix/upstreams/5", "/apisix/upstreams/4"]);
        (await KeysAsync("?kind=upstreams&page_size=2&before=4")).ShouldBe(["/apisix/upstreams/3", "/apisix/upstreams/2"]);
        (await KeysAsync("?kind=upstreams&id=3")).ShouldBe(["/apisix/upstreams/3"]);
        (await KeysAsync("?kind=consumers")).ShouldBe(["/apisix/consumers/jack"]);
        (await KeysAsync("?kind=credentials")).ShouldBe(["/apisix/consumers/jack/credentials/1"]);
        (await KeysAsync("?key=consumers/jack")).ShouldBe(["/apisix/consumers/jack/credentials/1", "/apisix/consumers/jack"]);
        (await KeysAsync("?who=nobody")).ShouldBeEmpty();
        (await KeysAsync("?who=ops&from=2000-01-01T00:00:00Z&kind=consumers")).Length.ShouldBe(1);
        (await KeysAsync("?to=2000-01-01T00:00:00Z")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("?kind=upstream", "kind")]
    [InlineData("?id=1", "id")]
    [InlineData("?kind=upstreams&key=a", "key")]
    [InlineData("?key=/other/", "key")]
    [InlineData("?from=yesterday", "from")]
    [InlineData("?before=0", "before")]
    [InlineData("?page_size=501", "page_size")]
    [InlineData("?knid=upstreams", "knid")]
    [InlineData("?format=xml", "format")]
    public async Task Search_WrongArgument_IsRefusedByName(string query, string argument) =>
        (await Admin.Get(Group + "revisions" + query)).ShouldBe(400).ErrorMessage!.ShouldStartWith($"invalid argument {argument};");

    [Fact]
    public async Task Revision_ShowsAllItsChanges()
    {
        await Admin.Put("consumers/jack", """{"username":"jack"}""");
        await Admin.Put("consumers/jack/credentials/1", """{"plugins":{"key-auth":{"key":"k"}}}""");
        await Admin.Delete("consumers/jack");

        JsonElement revision = (await Admin.Get(Group + "revisions/3")).ShouldBe(200).Json;
        revision.GetProperty("changes").EnumerateArray().Select(change => $"{change.GetProperty("key")} {change.GetProperty("change")}")
            .ShouldBe(["/apisix/consumers/jack deleted", "/apisix/consumers/jack/credentials/1 deleted"]);
        (await Admin.Get(Group + "revisions/4")).ShouldBe(404).ErrorMessage.ShouldBe("there is no revision 4 yet; the newest is 3");
        (await Admin.Get(Group + "revisions/x")).ShouldBe(400);
        (await Admin.Get("/api/gateway_groups/other/revisions")).ShouldBe(404);
    }

    [Fact]
    public async Task History_OfOneObject_ItsPastAndWhatDiffers()
    {
        await Admin.Put("upstreams/1", """{"nodes":{"127.0.0.1:1":1},"labels":{"a.b":"c"}}""");
        await Admin.Put("upstreams/10", Upstream);
        await Admin.Put("upstreams/1", """{"nodes":{"127.0.0.1:1":2},"labels":{"a.b":"d"}}""");

        (await Admin.Get(Group + "upstreams/1/history")).ShouldBe(200).Json.GetProperty("list").EnumerateArray().Select(one => one.GetProperty("revision").GetInt64()).ShouldBe([3, 1]);
        (await Admin.Get(Group + "upstreams/1/history/2")).ShouldBe(200).Value.GetProperty("nodes").GetRawText().ShouldBe("""{"127.0.0.1:1":1}""");
        (await Admin.Get(Group + "upstreams/10/history/1")).ShouldBe(404).ErrorMessage.ShouldBe("upstream [10] did not exist after revision 1");
        (await Admin.Get(Group + "upstreams/1/history?compare=1..3")).ShouldBe(200).Json.GetProperty("difference").GetRawText()
            .ShouldBe("""[{"path":"nodes[\"127.0.0.1:1\"]","before":1,"after":2},{"path":"labels[\"a.b\"]","before":"c","after":"d"}]""");
        (await Admin.Get(Group + "upstreams/1/history?compare=1")).ShouldBe(400);
        (await Admin.Post(Group + "upstreams/1/history", null)).ShouldBe(405);
    }

    [Fact]
    public async Task Kind_AsOfARevision_HoldsWhatThereWas()
    {
        await Admin.Put("upstreams/1", """{"nodes":{"127.0.0.1:1":1}}""");
        await Admin.Put("upstreams/2", Upstream);
        await Admin.Put("upstreams/1", """{"nodes":{"127.0.0.1:1":2}}""");
        await Admin.Delete("upstreams/2");
        await Admin.Put("upstreams/3", Upstream);

        async Task<string> AsOfAsync(int revision) => string.Join(' ', (await Admin.Get($"{Group}revisions/{revision}/upstreams")).ShouldBe(200).Json.GetProperty("list").EnumerateArray()
            .Select(one => $"{one.GetProperty("id")}={one.GetProperty("value").GetProperty("nodes").EnumerateObject().First().Value}"));
        (await AsOfAsync(1)).ShouldBe("1=1");
        (await AsOfAsync(2)).ShouldBe("1=1 2=1");
        (await AsOfAsync(3)).ShouldBe("1=2 2=1");
        (await AsOfAsync(4)).ShouldBe("1=2");
        (await AsOfAsync(5)).ShouldBe("1=2 3=1");
        (await Admin.Get(Group + "revisions/6/upstreams")).ShouldBe(404);
    }

    [Fact]
    public async Task Export_Csv_IsQuotedAndNoFormula()
    {
        await Admin.Send("PUT", "upstreams/1", Upstream, ("X-Headgate-Message", "=HYPERLINK(\"http://evil\"), it says"));
        await Admin.Send("PUT", "upstreams/1", """{"nodes":{"127.0.0.1:1980":7}}""", ("X-Headgate-Message", "-1+1"));

        AdminAnswer csv = (await Admin.Get(Group + "revisions?format=csv")).ShouldBe(200);
        csv.Message.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        string[] lines = csv.Body.Split("\r\n");
        lines[0].ShouldBe("revision,time,who,where,why,change,kind,id,key,difference");
        lines[1].ShouldContain(",ops,127.0.0.1,\"'-1+1 (PUT /apisix/admin/upstreams/1)\",updated,upstreams,1,/apisix/upstreams/1,");
        lines[1].ShouldEndWith(",\"nodes[\"\"127.0.0.1:1980\"\"] 1 → 7\"");
        lines[2].ShouldContain(",\"'=HYPERLINK(\"\"http://evil\"\"), it says (PUT /apisix/admin/upstreams/1)\",");
        AdminAnswer byAccept = await Admin.Send("GET", Group + "upstreams/1/history", null, ("Accept", "text/csv"));
        byAccept.Body.ShouldBe(csv.Body);
    }

    [Fact]
    public async Task Export_JsonLines_HasEveryChangeOnceOverManyPages()
    {
        for (int i = 0; i < 600; i++)
        {
            Commit commit = new() { Operations = [new Operation.Put($"/apisix/upstreams/{i}", Encoding.UTF8.GetBytes("{}"))], Origin = new Origin("someone", "local", "") };
            await Server.Store.CommitAsync(commit, CancellationToken.None);
        }

        string[] lines = (await Admin.Get(Group + "revisions?format=jsonl")).ShouldBe(200).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines.Select(line => JsonElement.Parse(line).GetProperty("revision").GetInt64()).ShouldBe(Enumerable.Range(1, 600).Reverse().Select(i => (long)i));
    }

    [Fact]
    public async Task NotJson_IsShownAsNothing()
    {
        Commit commit = new() { Operations = [new Operation.Put("/apisix/upstreams/1", Encoding.UTF8.GetBytes("token=a-very-secret-word"))], Origin = new Origin("someone", "local", "") };
        await Server.Store.CommitAsync(commit, CancellationToken.None);

        (await Admin.Get(Group + "revisions")).ShouldBe(200).Json.GetProperty("list")[0].GetProperty("difference").GetRawText().ShouldBe("""[{"path":"","after":"<redacted>","secret":true}]""");
        (await Admin.Post(Group + "upstreams/1/restore", """{"revision":1}""")).ShouldBe(409);
    }

    [Fact]
    public async Task Viewer_ReadsAndRestoresNothing()
    {
        await Admin.Put("upstreams/1", Upstream);
        using var viewer = new AdminClient(Server.Address, AdminServer.ViewerKey);

        (await viewer.Get(Group + "revisions")).ShouldBe(200);
        (await viewer.Post(Group + "upstreams/1/restore", """{"revision":1}""")).ShouldBe(401);
        using var nobody = new AdminClient(Server.Address, null);
        (await nobody.Get(Group + "revisions")).ShouldBe(401);
    }

    private async Task<string[]> KeysAsync(string query) =>
        [.. (await Admin.Get(Group + "revisions" + query)).ShouldBe(200).Json.GetProperty("list").EnumerateArray().Select(one => one.GetProperty("key").GetString()!)];
}

public sealed class MemoryRevisionApiTests() : RevisionApiContract(StoreKind.Memory);

public sealed class EmbeddedRevisionApiTests() : RevisionApiContract(StoreKind.Embedded)
{
    [Fact]
    public async Task ForgottenHistory_IsSaid()
    {
        const string Group = "/api/gateway_groups/default/";
        for (int i = 1; i <= 4; i++)
            await Admin.Put("upstreams/1", $$$"""{"nodes":{"127.0.0.1:1":{{{i}}}}}""");
        await Admin.Put("upstreams/2", Upstream);
        await ((Store.Embedded.EmbeddedStore)Server.Store).CompactAsync(3, CancellationToken.None);

        foreach (string path in (string[])["revisions/2", "revisions/2/upstreams", "upstreams/1/history/2", "upstreams/1/history?compare=2..5"])
            (await Admin.Get(Group + path)).ShouldBe(410).ErrorMessage!.ShouldContain("the history up to revision 3 was forgotten");
        (await Admin.Post(Group + "upstreams/1/restore", """{"revision":2}""")).ShouldBe(410);
        (await Admin.Get(Group + "revisions")).Json.GetProperty("forgotten").GetInt64().ShouldBe(3);
        (await Admin.Get(Group + "upstreams/1/history/3")).ShouldBe(200).Value.GetProperty("nodes").GetRawText().ShouldBe("""{"127.0.0.1:1":3}""");
        (await Admin.Get(Group + "revisions/3/upstreams")).ShouldBe(200).Json.GetProperty("total").GetInt32().ShouldBe(1);
    }
}
