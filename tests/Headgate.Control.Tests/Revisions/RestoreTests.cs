using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Control.Tests.AdminApi;
using Headgate.Testing;

namespace Headgate.Control.Tests.Revisions;

/// <summary>Restoring one object: equal but for its update time, checked as a PUT is, and a revision itself.</summary>
public abstract class RestoreContract(StoreKind kind) : AdminApiTest(kind)
{
    private const string Group = "/api/gateway_groups/default/";
    private const string Secret = "a-very-secret-word";

    [Theory]
    [InlineData("upstreams/1", """{"nodes":{"127.0.0.1:1":1},"tls":{"client_cert_id":"c"},"labels":{"a":"b"}}""", """{"nodes":{"127.0.0.1:1":2}}""")]
    [InlineData("routes/1", """{"uri":"/a","upstream_id":"u","plugins":{"http-logger":{"auth":{"deep":["a-very-secret-word"]}}}}""", """{"uri":"/b","upstream_id":"u"}""")]
    [InlineData("services/1", """{"upstream_id":"u","hosts":["a"]}""", """{"upstream_id":"u"}""")]
    [InlineData("consumers/jack", """{"username":"jack","plugins":{"key-auth":{"key":"a-very-secret-word"}}}""", """{"username":"jack"}""")]
    [InlineData("consumers/jo/credentials/1", """{"plugins":{"key-auth":{"key":"a-very-secret-word"}}}""", """{"plugins":{"key-auth":{"key":"another-secret"}}}""")]
    [InlineData("consumer_groups/1", """{"plugins":{"limit-count":{"redis":[{"password":"a-very-secret-word"}]}}}""", """{"plugins":{}}""")]
    [InlineData("plugin_configs/1", """{"plugins":{"limit-count":{"redis":[{"password":"a-very-secret-word"}]}}}""", """{"plugins":{}}""")]
    [InlineData("global_rules/1", """{"plugins":{"limit-count":{"redis":[{"password":"a-very-secret-word"}]}}}""", """{"plugins":{}}""")]
    [InlineData("plugin_metadata/http-logger", """{"collector":{"request_headers":{"Authorization":"a-very-secret-word"}}}""", """{"collector":{}}""")]
    [InlineData("protos/1", """{"content":"syntax = \"proto3\"; message A {}"}""", """{"content":"syntax = \"proto3\"; message B {}"}""")]
    [InlineData("secrets/vault/1", """{"uri":"http://a","prefix":"p","token":"a-very-secret-word"}""", """{"uri":"http://b","prefix":"p","token":"another-secret"}""")]
    [InlineData("ssls/1", "A", "B")]
    public async Task Restore_OfEveryKind_IsEqualButForTheUpdateTime(string path, string first, string second)
    {
        using TestCertificates authority = new();
        (await Admin.Put("ssls/c", Certificate(authority, "client"))).ShouldBe(201);
        (await Admin.Put("upstreams/u", Upstream)).ShouldBe(201);
        (await Admin.Put("consumers/jo", """{"username":"jo"}""")).ShouldBe(201);
        if (path == "ssls/1")
            (first, second) = (Certificate(authority, "a.test"), Certificate(authority, "b.test"));
        long wanted = Revision((await Admin.Put(path, first)).ShouldBe(201));
        string before = await StoredAsync(path);
        Server.Clock.UnixSeconds += 60;
        (await Admin.Put(path, second)).ShouldBe(200);

        AdminAnswer edited = (await RestoreAsync(path, wanted)).ShouldBe(200);

        edited.Json.GetProperty("changed").GetBoolean().ShouldBeTrue();
        WithoutUpdateTime(await StoredAsync(path)).ShouldBe(WithoutUpdateTime(before));
        edited.Value.GetRawText().ShouldNotContain(Secret);
        (await Admin.Delete(path)).ShouldBe(200);
        (await RestoreAsync(path, wanted)).ShouldBe(201);
        WithoutUpdateTime(await StoredAsync(path)).ShouldBe(WithoutUpdateTime(before));

        JsonElement newest = (await Admin.Get(Group + path + "/history")).ShouldBe(200).Json.GetProperty("list")[0];
        newest.GetProperty("why").GetString().ShouldBe($"restored from revision {wanted} (POST {Group}{path}/restore)");
        newest.GetProperty("change").GetString().ShouldBe("created");
        await ShouldShowNoSecretAsync(path, authority);
    }

    [Fact]
    public async Task Restore_AfterTwentyEdits_LeavesOthersAlone()
    {
        await Admin.Put("upstreams/2", Upstream);
        for (int i = 2; i <= 20; i++)
            await Admin.Put("upstreams/1", $$$"""{"nodes":{"127.0.0.1:1":{{{i}}}}}""");

        AdminAnswer answer = (await RestoreAsync("upstreams/1", 7)).ShouldBe(200);

        Revision(answer).ShouldBe(21);
        answer.Json.GetProperty("difference").GetRawText().ShouldBe("""[{"path":"nodes[\"127.0.0.1:1\"]","before":20,"after":7}]""");
        Revision(await Admin.Get("upstreams/2")).ShouldBe(1);
        (await Admin.Get("upstreams/1")).Value.GetProperty("nodes").GetProperty("127.0.0.1:1").GetInt32().ShouldBe(7);
    }

    [Fact]
    public async Task Restore_ToWhatItIs_ChangesNothingAndSaysSo()
    {
        await Admin.Put("upstreams/1", Upstream);
        long revision = Revision(await Admin.Put("upstreams/1", Upstream));

        AdminAnswer answer = (await RestoreAsync("upstreams/1", 1)).ShouldBe(200);

        answer.Json.GetProperty("changed").GetBoolean().ShouldBeFalse();
        Revision(answer).ShouldBe(revision);
        (await Admin.Get("upstreams/1")).Json.GetProperty("modifiedIndex").GetInt64().ShouldBe(revision);
    }

    [Fact]
    public async Task Restore_OfWhatNamesSomethingThatIsGone_IsRefusedByName()
    {
        await Admin.Put("upstreams/1", Upstream);
        long wanted = Revision(await Admin.Put("routes/1", Route("/a", """ "upstream_id":"1" """)));
        await Admin.Put("routes/1", """{"uri":"/a","plugins":{}}""");
        await Admin.Put("routes/1", """{"uri":"/a","upstream":{"nodes":{"127.0.0.1:1":1}}}""");
        (await Admin.Delete("upstreams/1")).ShouldBe(200);

        (await RestoreAsync("routes/1", wanted)).ShouldBe(400).ErrorMessage.ShouldBe("failed to fetch upstream info by upstream id [1], response code: 404");
        (await Admin.Get("routes/1")).Value.TryGetProperty("upstream_id", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Restore_HonoursIfMatchAndTheMessage()
    {
        await Admin.Put("upstreams/1", Upstream);
        await Admin.Put("upstreams/1", """{"nodes":{"127.0.0.1:1":2}}""");

        string path = Group + "upstreams/1/restore";
        (await Admin.Send("POST", path, """{"revision":1}""", ("If-Match", "\"1\""))).ShouldBe(412).Json.GetProperty("difference").GetArrayLength().ShouldBe(2);
        (await Admin.Send("POST", path, """{"revision":1}""", ("If-Match", "\"2\""), ("X-Headgate-Message", "too slow"))).ShouldBe(200);
        JsonElement newest = (await Admin.Get(Group + "upstreams/1/history")).Json.GetProperty("list")[0];
        newest.GetProperty("why").GetString().ShouldBe("restored from revision 1: too slow (POST /api/gateway_groups/default/upstreams/1/restore)");
    }

    [Fact]
    public async Task Restore_DryRun_StoresNothing()
    {
        await Admin.Put("upstreams/1", Upstream);
        await Admin.Put("upstreams/1", """{"nodes":{"127.0.0.1:1980":2}}""");

        AdminAnswer answer = (await Admin.Post(Group + "upstreams/1/restore?dry-run=true", """{"revision":1}""")).ShouldBe(200);

        answer.Json.GetProperty("would").GetString().ShouldBe("update");
        answer.Json.GetProperty("difference").GetRawText().ShouldBe("""[{"path":"nodes[\"127.0.0.1:1980\"]","before":2,"after":1}]""");
        Revision(await Admin.Get("upstreams/1")).ShouldBe(2);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("[]")]
    [InlineData("""{"revision":"1"}""")]
    [InlineData("""{"revision":1.5}""")]
    [InlineData("""{"revision":0}""")]
    [InlineData("""{"revision":1,"force":true}""")]
    public async Task Restore_WrongBody_IsRefused(string? body)
    {
        await Admin.Put("upstreams/1", Upstream);

        (await Admin.Post(Group + "upstreams/1/restore", body)).ShouldBe(400);
    }

    [Fact]
    public async Task Restore_OfWhatDidNotExistThen_IsNotFound()
    {
        await Admin.Put("upstreams/2", Upstream);
        await Admin.Put("upstreams/1", Upstream);

        (await RestoreAsync("upstreams/1", 1)).ShouldBe(404).ErrorMessage.ShouldBe("upstream [1] did not exist after revision 1");
        (await RestoreAsync("upstreams/1", 3)).ShouldBe(404);
    }

    private static string Certificate(TestCertificates authority, string name)
    {
        (string cert, string key) = authority.IssuePem(name);
        return name == "client" ? JsonSerializer.Serialize(new { cert, key, type = "client" }) : JsonSerializer.Serialize(new { cert, key, sni = name });
    }

    private static long Revision(AdminAnswer answer) => long.Parse(answer.Header("ETag")!.Trim('"'), System.Globalization.CultureInfo.InvariantCulture);

    private static string WithoutUpdateTime(string json)
    {
        JsonObject members = JsonNode.Parse(json)!.AsObject();
        members.Remove("update_time");
        return members.ToJsonString();
    }

    private Task<AdminAnswer> RestoreAsync(string path, long revision) => Admin.Post($"{Group}{path}/restore", $$"""{"revision":{{revision}}}""");

    /// <summary>As it lies in the store: secrets encrypted.</summary>
    private async Task<string> StoredAsync(string path) => Encoding.UTF8.GetString((await Server.Store.FindAsync("/apisix/" + path, CancellationToken.None)).ShouldNotBeNull().Value.Span);

    /// <summary>Everything that these endpoints answer about the object.</summary>
    private async Task ShouldShowNoSecretAsync(string path, TestCertificates authority)
    {
        long newest = (await Server.Store.GetAsync("/", CancellationToken.None)).Revision;
        string plural = path.Contains("credentials", StringComparison.Ordinal) ? "credentials" : path.Split('/')[0];
        List<string> paths = ["revisions", "revisions?format=csv", "revisions?format=jsonl", path + "/history", path + "/history?compare=1.." + newest];
        for (long revision = 1; revision <= newest; revision++)
            paths.AddRange([$"revisions/{revision}", $"revisions/{revision}/{plural}", $"{path}/history/{revision}"]);
        List<string> bodies = [];
        foreach (string asked in paths)
            bodies.Add((await Admin.Get(Group + asked)).Body);
        bodies.Add((await Admin.Post($"{Group}{path}/restore?dry-run=true", """{"revision":5}""")).Body);
        bodies.Add((await Admin.Delete(path + "?dry-run=true")).Body);
        bodies.Add((await Admin.Send("DELETE", path, null, ("If-Match", "\"4\""))).ShouldBe(412).Body);
        foreach (string body in bodies)
        {
            body.ShouldNotContain(Secret);
            body.ShouldNotContain("another-secret");
            body.ShouldNotContain("PRIVATE KEY");
            body.ShouldNotContain("$enc1:");
            body.ShouldNotContain("secret:");
        }
    }
}

public sealed class MemoryRestoreTests() : RestoreContract(StoreKind.Memory);

public sealed class EmbeddedRestoreTests() : RestoreContract(StoreKind.Embedded);
