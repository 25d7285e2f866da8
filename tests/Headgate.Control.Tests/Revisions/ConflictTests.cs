using System.Text.Json;
using Headgate.Control.Tests.AdminApi;

namespace Headgate.Control.Tests.Revisions;

/// <summary>Two administrators who edit the same upstream: one gets 412, and what the other did.</summary>
public abstract class ConflictContract(StoreKind kind) : AdminApiTest(kind)
{
    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task TwoAdministrators_OneGets412AndTheDifference(string method)
    {
        const string Theirs = """{"nodes":[{"host":"10.0.0.1","port":80,"weight":5}],"retries":2}""";
        string tag = (await Admin.Put("upstreams/1", """{"nodes":[{"host":"10.0.0.1","port":80,"weight":1}]}""")).Header("ETag")!;
        (await Admin.Send("PUT", "upstreams/1", Theirs, ("If-Match", tag), ("X-Headgate-Message", "more for the new one"))).ShouldBe(200);

        AdminAnswer mine = (await Admin.Send(method, "upstreams/1", method == "DELETE" ? null : """{"nodes":[{"host":"10.0.0.1","port":80,"weight":2}]}""", ("If-Match", tag))).ShouldBe(412);

        mine.ErrorMessage.ShouldBe("upstream [1] was changed: its modifiedIndex is 2, and If-Match is \"1\"");
        mine.Json.GetProperty("seen").GetInt64().ShouldBe(1);
        mine.Json.GetProperty("modifiedIndex").GetInt64().ShouldBe(2);
        mine.Json.GetProperty("difference").GetRawText().ShouldBe("""[{"path":"nodes[10.0.0.1:80].weight","before":1,"after":5},{"path":"retries","after":2}]""");
        JsonElement change = mine.Json.GetProperty("changes")[0];
        change.GetProperty("who").GetString().ShouldBe("ops");
        change.GetProperty("why").GetString().ShouldBe("more for the new one (PUT /apisix/admin/upstreams/1)");
        mine.Json.GetProperty("changes").GetArrayLength().ShouldBe(1);
        (await Admin.Get("upstreams/1")).Value.GetProperty("retries").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Deleted_Meanwhile_SaysSo()
    {
        string tag = (await Admin.Put("upstreams/1", Upstream)).Header("ETag")!;
        await Admin.Delete("upstreams/1");

        AdminAnswer answer = (await Admin.Send("PUT", "upstreams/1", Upstream, ("If-Match", tag))).ShouldBe(412);

        answer.Json.TryGetProperty("modifiedIndex", out _).ShouldBeFalse();
        answer.Json.GetProperty("difference")[0].TryGetProperty("after", out _).ShouldBeFalse();
        answer.Json.GetProperty("changes")[0].GetProperty("change").GetString().ShouldBe("deleted");
    }

    [Theory]
    [InlineData("\"99999\"")]
    [InlineData("\"abc\"")]
    [InlineData("\"98\", \"99\"")]
    public async Task RevisionThatNeverWas_HasNoDifference(string tag)
    {
        await Admin.Put("upstreams/1", Upstream);

        (await Admin.Send("PUT", "upstreams/1", Upstream, ("If-Match", tag))).ShouldBe(412).Members.ShouldBe(["error_msg"]);
    }

    [Fact]
    public async Task ConsumerWithASecret_ShowsThatItChangedAndNotWhat()
    {
        string tag = (await Admin.Put("consumers/jack", """{"username":"jack","plugins":{"key-auth":{"key":"first-secret"}}}""")).Header("ETag")!;
        await Admin.Put("consumers/jack", """{"username":"jack","plugins":{"key-auth":{"key":"other-secret"}}}""");

        AdminAnswer answer = (await Admin.Send("DELETE", "consumers/jack", null, ("If-Match", tag))).ShouldBe(412);

        answer.Json.GetProperty("difference").GetRawText().ShouldBe("""[{"path":"plugins.key-auth.key","before":"<redacted>","after":"<redacted>","secret":true}]""");
    }
}

public sealed class MemoryConflictTests() : ConflictContract(StoreKind.Memory);

public sealed class EmbeddedConflictTests() : ConflictContract(StoreKind.Embedded);
