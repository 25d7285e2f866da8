using System.Text.Json;
using Headgate.Testing;

namespace Headgate.Control.Tests.AdminApi;

/// <summary>Certificates, protos, secrets: what is stored of them and what is given back.</summary>
public sealed class SslTests() : AdminApiTest(StoreKind.Embedded)
{
    private const string Vault = """{"uri":"http://127.0.0.1:8200","prefix":"kv/headgate","token":"root-token"}""";

    private static readonly (string Certificate, string Key) Pair = Issue("a.test");

    [Fact]
    public async Task Ssl_IsWrittenPatchedAndReadWithoutItsKey()
    {
        AdminAnswer made = (await Admin.Put("ssls/1", Ssl("a.test"))).ShouldBe(201);
        made.Value.EnumerateObject().Select(member => member.Name).ShouldBe(["cert", "snis", "id", "create_time", "update_time"]);
        AdminAnswer posted = (await Admin.Post("ssls", Ssl("a.test"))).ShouldBe(201);
        (await Admin.Patch("ssls/1", """{"status":0}""")).ShouldBe(200).Body.ShouldNotContain("PRIVATE KEY");
        (await Admin.Patch("ssls/1/snis", """["a.test","a.test."]""")).ShouldBe(200);

        AdminAnswer one = (await Admin.Get("ssls/1")).ShouldBe(200);
        one.Value.GetProperty("cert").GetString().ShouldBe(Pair.Certificate);
        one.Value.TryGetProperty("key", out _).ShouldBeFalse();
        AdminAnswer list = (await Admin.Get("ssls")).ShouldBe(200);
        list.Keys.Length.ShouldBe(2);
        list.Body.ShouldNotContain("PRIVATE KEY");
        (await Admin.Delete("ssls/" + posted.Value.GetProperty("id").GetString())).ShouldBe(200);
    }

    [Fact]
    public async Task Ssl_Refused_SaysWhyWithoutTheKey()
    {
        (string certificate, string key) = Issue("b.test");
        await Refused(new { cert = Pair.Certificate, key, snis = new[] { "a.test" } }, "key is not the key of cert (a certificate for a.test)");
        await Refused(new { cert = Pair.Certificate, key = Pair.Key }, "invalid configuration: then clause did not match (give cert, key, and either sni or snis)");
        await Refused(new { type = "client", cert = Pair.Certificate }, "invalid configuration: else clause did not match (give cert and key)");
        await Refused(
            new { cert = Pair.Certificate, key = Pair.Key, sni = "a.test", certs = new[] { certificate }, keys = Array.Empty<string>() },
            "mismatched number of certs and keys (certs: 1, keys: 0)");
        await Refused(
            new { cert = Pair.Certificate, key = Pair.Key, sni = "a.test", certs = new[] { certificate }, keys = new[] { Pair.Key } },
            "failed to handle cert-key pair[1]: keys[0] is not the key of certs[0] (a certificate for b.test)");
        await Refused(new { cert = new string('x', 200), key = Pair.Key, sni = "a.test" }, "failed to parse cert: no PEM certificate in it (cert)");
        await Refused(
            new { cert = Pair.Certificate, key = Pair.Key, sni = "a.test", client = new { ca = new string('x', 200) } },
            "failed to validate client_cert: failed to parse cert: no PEM certificate in it (client.ca)");
    }

    [Fact]
    public async Task Ssl_ForANameThatItsCertificateDoesNotHave_Warns() =>
        (await Admin.Put("ssls/1", Ssl("c.test"))).ShouldBe(201).Header("X-Headgate-Warning")!.ShouldContain("clients that ask for c.test will not trust cert, which is for a.test");

    [Fact]
    public async Task Ssl_NamedByAnUpstream_CannotBeDeleted()
    {
        await Admin.Put("ssls/c", JsonSerializer.Serialize(new { type = "client", cert = Pair.Certificate, key = Pair.Key }));
        await Admin.Put("upstreams/u", """{"nodes":{"127.0.0.1:1":1},"scheme":"https","tls":{"client_cert_id":"c"}}""");
        await Admin.Put("services/s", """{"upstream":{"nodes":{"127.0.0.1:1":1},"scheme":"https","tls":{"client_cert_id":"c"}}}""");

        AdminAnswer refused = (await Admin.Delete("ssls/c")).ShouldBe(400);
        refused.ErrorMessage.ShouldBe("can not delete this ssl, service [s] is still using it now; also upstream [u]");
        (await Admin.Delete("services/s")).ShouldBe(200);
        (await Admin.Put("upstreams/u", Upstream)).ShouldBe(200);
        (await Admin.Delete("ssls/c")).ShouldBe(200);
    }

    [Fact]
    public async Task Secret_IsWrittenReadPatchedListedAndDeleted()
    {
        (await Admin.Put("secrets/vault/1", Vault)).ShouldBe(201).Value.GetProperty("id").GetString().ShouldBe("vault/1");
        (await Admin.Put("secrets/aws/1", """{"access_key_id":"a","secret_access_key":"b"}""")).ShouldBe(201);
        (await Admin.Put("secrets/gcp/1", """{"auth_file":"/run/gcp.json"}""")).ShouldBe(201);

        (await Admin.Get("secrets")).ShouldBe(200).Keys.ShouldBe(["/apisix/secrets/aws/1", "/apisix/secrets/gcp/1", "/apisix/secrets/vault/1"]);
        (await Admin.Get("secrets/vault")).ShouldBe(200).Keys.ShouldBe(["/apisix/secrets/vault/1"]);
        (await Admin.Patch("secrets/vault/1", """{"prefix":"kv/other"}""")).ShouldBe(200);
        (await Admin.Patch("secrets/vault/1/namespace", "\"n\"")).ShouldBe(200);
        JsonElement read = (await Admin.Get("secrets/vault/1")).ShouldBe(200).Value;
        (read.GetProperty("prefix").GetString(), read.GetProperty("namespace").GetString(), read.GetProperty("token").GetString()).ShouldBe(("kv/other", "n", "root-token"));
        (await Admin.Delete("secrets/vault/1")).ShouldBe(200);
        (await Admin.Get("secrets/vault/1")).ShouldBe(404);
    }

    [Theory]
    [InlineData("secrets/safe/1", "{}", "invalid secret manager: safe (there are: vault, file, aws, gcp)")]
    [InlineData("secrets/vault/1", "{}", "invalid configuration: property \"uri\" is required")]
    [InlineData("secrets/vault/1", """{"id":"1","uri":"http://a","prefix":"p","token":"t"}""", "wrong secret id")]
    [InlineData("secrets/vault/1", """{"id":"vault/2","uri":"http://a","prefix":"p","token":"t"}""", "wrong secret id")]
    [InlineData("secrets/gcp/1", "{}", "invalid configuration: value should match only one schema, but matches none (give either auth_config or auth_file)")]
    [InlineData("secrets/vault/1", """{"uri":"no uri","prefix":"p","token":"t"}""", "invalid configuration: property \"uri\" validation failed: failed to match pattern")]
    public async Task Secret_Refused_SaysWhy(string path, string body, string text) => (await Admin.Put(path, body)).ShouldBe(400).ErrorMessage!.ShouldStartWith(text);

    [Fact]
    public async Task Proto_NamedByAPlugin_CannotBeDeleted()
    {
        (await Admin.Post("protos", """{"content":"syntax = \"proto3\";"}""")).ShouldBe(201);
        (await Admin.Put("protos/p", """{"content":""}""")).ShouldBe(400);
        (await Admin.Put("protos/p", """{"content":"syntax = \"proto3\";"}""")).ShouldBe(201).Header("X-Headgate-Warning")!.ShouldContain("content has no effect here yet");
        (await Admin.Put("routes/r", """{"uri":"/a","plugins":{"grpc-transcode":{"proto_id":"none"}}}""")).ShouldBe(400)
            .ErrorMessage.ShouldBe("failed to fetch proto info by proto id [none], response code: 404");
        (await Admin.Put("routes/r", """{"uri":"/a","plugins":{"grpc-transcode":{"proto_id":"p"}}}""")).ShouldBe(201);

        (await Admin.Delete("protos/p")).ShouldBe(400).ErrorMessage.ShouldBe("can not delete this proto, route [r] is still using it now");
        (await Admin.Delete("routes/r")).ShouldBe(200);
        (await Admin.Delete("protos/p")).ShouldBe(200);
    }

    private static string Ssl(string name) => JsonSerializer.Serialize(new { cert = Pair.Certificate, key = Pair.Key, snis = new[] { name } });

    private static (string Certificate, string Key) Issue(string name)
    {
        using TestCertificates authority = new();
        return authority.IssuePem(name);
    }

    private async Task Refused(object body, string text)
    {
        AdminAnswer answer = (await Admin.Put("ssls/1", JsonSerializer.Serialize(body))).ShouldBe(400);
        answer.ErrorMessage.ShouldBe(text);
        answer.Body.ShouldNotContain("PRIVATE");
    }
}
