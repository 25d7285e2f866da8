using System.Text;
using System.Text.Json;
using Headgate.Control.ControlApi;
using Headgate.Store;
using Headgate.Testing;

namespace Headgate.Control.Tests.AdminApi;

/// <summary>Secrets: encrypted in the store and its history, given back to authorised readers, shown to nobody else.</summary>
public sealed class AtRestTests() : AdminApiTest(StoreKind.Embedded)
{
    private const string Secret = "a-very-secret-word";

    [Theory]
    [InlineData("consumers/jack", """{"username":"jack","plugins":{"key-auth":{"key":"a-very-secret-word"}}}""")]
    [InlineData("plugin_configs/1", """{"plugins":{"limit-count":{"redis":[{"password":"a-very-secret-word"}]}}}""")]
    [InlineData("routes/1", """{"uri":"/a","plugins":{"http-logger":{"auth":{"deep":["a-very-secret-word"]}}}}""")]
    [InlineData("secrets/vault/1", """{"uri":"http://a","prefix":"p","token":"a-very-secret-word"}""")]
    [InlineData("secrets/aws/1", """{"access_key_id":"a","secret_access_key":"a-very-secret-word","session_token":"a-very-secret-word"}""")]
    [InlineData("plugin_metadata/http-logger", """{"collector":{"request_headers":{"Authorization":"a-very-secret-word"}}}""")]
    public async Task Secret_IsEncryptedAtRestAndGivenBack(string path, string body)
    {
        (await Admin.Put(path, body)).ShouldBe(201);
        (await Admin.Put(path, body)).ShouldBe(200);

        StoreEntry stored = (await Server.Store.FindAsync("/apisix/" + path, CancellationToken.None)).ShouldNotBeNull();
        Encoding.UTF8.GetString(stored.Value.Span).ShouldNotContain(Secret);
        foreach (HistoryRecord record in await Server.Store.GetHistoryAsync("/apisix/" + path, 10, CancellationToken.None))
            Encoding.UTF8.GetString(record.After!.Value.Span).ShouldNotContain(Secret);
        (await Admin.Get(path)).ShouldBe(200).Body.ShouldContain(Secret);
        if (path.Split('/')[0] is not ("consumers" or "plugin_metadata"))
            (await Admin.Patch(path, """{"labels":{"a":"b"}}""")).ShouldBe(200).Body.ShouldContain(Secret);
    }

    [Fact]
    public async Task PrivateKeys_AreEncryptedAtRest()
    {
        using TestCertificates authority = new();
        (string cert, string key) = authority.IssuePem("a.test");
        (await Admin.Put("ssls/1", JsonSerializer.Serialize(new { cert, key, sni = "a.test", certs = new[] { cert }, keys = new[] { key } }))).ShouldBe(201);
        (await Admin.Put("upstreams/1", JsonSerializer.Serialize(new { nodes = new Dictionary<string, int> { ["127.0.0.1:1"] = 1 }, scheme = "https", tls = new { client_cert = cert, client_key = key } }))).ShouldBe(201);

        foreach (StoreEntry entry in (await Server.Store.GetAsync("/apisix/", CancellationToken.None)).Entries)
            Encoding.UTF8.GetString(entry.Value.Span).ShouldNotContain("PRIVATE KEY", customMessage: entry.Key);
        (await Admin.Get("upstreams/1")).Value.GetProperty("tls").GetProperty("client_key").GetString().ShouldBe(key);
    }

    [Fact]
    public async Task SameSecretAtTheSamePlace_LiesThereTheSame()
    {
        const string Body = """{"uri":"http://a","prefix":"p","token":"a-very-secret-word"}""";
        await Admin.Put("secrets/vault/1", Body);
        string first = await TokenAsync("1");
        await Admin.Put("secrets/vault/1", Body);
        await Admin.Put("secrets/vault/2", Body);

        (await TokenAsync("1")).ShouldBe(first);
        (await TokenAsync("2")).ShouldNotBe(first);
    }

    [Fact]
    public async Task ControlApi_ShowsNoSecret()
    {
        await using InMemoryStore store = new();
        string body = """{"id":"1","nodes":{"127.0.0.1:1":1},"tls":{"client_key":"a-very-secret-word"}}""";
        await store.CommitAsync(
            new Commit
            {
                Operations =
                [
                    new Operation.Put("/apisix/upstreams/1", Encoding.UTF8.GetBytes(body)),
                    new Operation.Put("/apisix/consumers/jack", Encoding.UTF8.GetBytes(body)),
                    new Operation.Put("/apisix/plugin_metadata/http-logger", """{"collector":{"address":"a","request_headers":{"x":"a-very-secret-word"}}}"""u8.ToArray()),
                ],
                Origin = new Origin("test", "local", ""),
            },
            CancellationToken.None);
        await using WebServer server = await WebServer.StartAsync(application => application.MapControlApi(store));

        AdminAnswer one = (await server.Client.Get("/v1/upstreams/1")).ShouldBe(200);
        one.Value.GetProperty("tls").GetProperty("client_key").GetString().ShouldBe("<redacted>");
        (await server.Client.Get("/v1/upstreams")).ShouldBe(200).Body.ShouldNotContain(Secret);
        (await server.Client.Get("/v1/consumers")).ShouldBe(404);
        (await server.Client.Get("/v1/plugin_metadatas")).ShouldBe(200).Body.ShouldBe("""[{"collector":{"address":"a","request_headers":{"x":"<redacted>"}}}]""");
    }

    [Fact]
    public async Task ObjectWithSecrets_TooLargeOnceEncrypted_IsRefused()
    {
        string body = $$$"""{"uri":"http://a","prefix":"p","token":"{{{new string('x', 1_300_000)}}}"}""";

        (await Admin.Put("secrets/vault/1", body)).ShouldBe(400).ErrorMessage!.ShouldEndWith("bytes, at most 1572864 are allowed");
    }

    private async Task<string> TokenAsync(string id) =>
        JsonElement.Parse((await Server.Store.FindAsync("/apisix/secrets/vault/" + id, CancellationToken.None)).ShouldNotBeNull().Value.Span).GetProperty("token").GetString()!;
}
