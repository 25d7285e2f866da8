using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>Gateways as processes of their own that share a real etcd.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class EtcdTests
{
    private const string Key = "0123456789abcdef";

    [Fact]
    public async Task TwoGateways_OneEtcd_ServeTheSameAlsoWhileItIsGone()
    {
        await using ScriptedNode origin = ScriptedNode.StartAnswering("here");
        await using EtcdProcess etcd = await EtcdProcess.StartAsync();
        await using GatewayProcess one = await GatewayProcess.StartAsync(more: Config(etcd, "prefix: /prod"));
        await using GatewayProcess two = await GatewayProcess.StartAsync(more: Config(etcd, "prefix: /prod"));
        await one.PutAsync("/upstreams/1", $$$"""{"nodes":{"127.0.0.1:{{{origin.Port}}}":1}}""");
        await one.PutAsync("/routes/1", """{"uri":"/*","upstream_id":"1"}""");
        await ServesAsync(one, "/a", 200);
        await ServesAsync(two, "/a", 200);
        (await ReadAsync(etcd, "/prod/routes/1")).ShouldContain("\"upstream_id\":\"1\"");
        (await two.AdminAsync("DELETE", "/upstreams/1")).Status.ShouldBe(400);

        await etcd.KillAsync(0);
        await ServesAsync(one, "/b", 200);
        await ServesAsync(two, "/b", 200);
        (await one.AdminAsync("PUT", "/routes/2", """{"uri":"/c","upstream_id":"1"}""")).Status.ShouldBe(503);
        etcd.Restart(0);
        await Eventually.HoldsAsync(async () => (await two.AdminAsync("PUT", "/routes/1", """{"uri":"/only","upstream_id":"1"}""")).Status == 200, "the Admin API writes again");
        await ServesAsync(one, "/only", 200);
        await ServesAsync(one, "/b", 404);
    }

    [Fact]
    public async Task WrittenByApisix_Encrypted_IsServedAndWhatIsWrittenHereIsEncryptedTheSame()
    {
        await using ScriptedNode origin = ScriptedNode.StartAnswering("here");
        await using EtcdProcess etcd = await EtcdProcess.StartAsync();
        await WriteAsync(etcd, "/apisix/routes/", "init_dir");
        await WriteAsync(etcd, "/apisix/routes/1", $$$"""{"id":"1","uri":"/*","upstream":{"type":"roundrobin","nodes":{"127.0.0.1:{{{origin.Port}}}":1} },"plugins":{"key-auth":{} } }""");
        await WriteAsync(etcd, "/apisix/consumers/jack", $$$"""{"username":"jack","plugins":{"key-auth":{"key":"{{{Encrypt("hush-hush")}}}"} } }""");
        await using GatewayProcess gateway = await GatewayProcess.StartAsync(more: $"  data_encryption: {{keyring: [fedcba9876543210, {Key}]}}\n" + Config(etcd));
        await ServesAsync(gateway, "/a", 401);
        await ServesAsync(gateway, "/a", 200, "hush-hush");
        (await gateway.AdminAsync("GET", "/consumers/jack")).Body.ShouldContain("hush-hush");

        await gateway.PutAsync("/consumers/jim", """{"username":"jim","plugins":{"key-auth":{"key":"quiet-quiet"}}}""");
        (await ReadAsync(etcd, "/apisix/consumers/jim")).ShouldNotContain("quiet");
        await ServesAsync(gateway, "/a", 200, "quiet-quiet");
        await WriteAsync(etcd, "/apisix/consumers/jack", $$$"""{"username":"jack","plugins":{"key-auth":{"key":"{{{Encrypt("another")}}}"} } }""");
        await ServesAsync(gateway, "/a", 200, "another");
        await ServesAsync(gateway, "/a", 401, "hush-hush");
    }

    [Fact]
    public async Task NoEtcd_TheStartFailsWithWhatToDo()
    {
        await using EtcdProcess etcd = await EtcdProcess.StartAsync();
        await etcd.KillAsync(0);
        await using GatewayProcess gateway = GatewayProcess.Launch(more: Config(etcd, "startup_retry: 1"));

        (await gateway.Process.WaitAsync()).ShouldNotBe(0);
        gateway.Process.Log.ShouldContain("(deployment.etcd.host)");
        gateway.Process.Log.ShouldContain("is tried again (1 more times)");
    }

    private static string Config(EtcdProcess etcd, string more = "") =>
        $$"""
        deployment:
          role_traditional: {config_provider: etcd}
          etcd: {host: ["{{etcd.Endpoints[0].GetLeftPart(UriPartial.Authority)}}"]{{(more.Length > 0 ? ", " + more : "")}}}
        """;

    private static string B(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>As APISIX: AES in CBC mode, the key being the initialisation vector as well.</summary>
    private static string Encrypt(string text)
    {
        using var aes = Aes.Create();
        aes.Key = Encoding.UTF8.GetBytes(Key);
        return Convert.ToBase64String(aes.EncryptCbc(Encoding.UTF8.GetBytes(text), aes.Key));
    }

    private static Task<string> WriteAsync(EtcdProcess etcd, string key, string value) => etcd.AskAsync("/v3/kv/put", $$"""{"key":"{{B(key)}}","value":"{{B(value)}}"}""");

    private static async Task<string> ReadAsync(EtcdProcess etcd, string key)
    {
        string answer = await etcd.AskAsync("/v3/kv/range", $$"""{"key":"{{B(key)}}"}""");
        return Encoding.UTF8.GetString(System.Text.Json.JsonDocument.Parse(answer).RootElement.GetProperty("kvs")[0].GetProperty("value").GetBytesFromBase64());
    }

    private static async Task ServesAsync(GatewayProcess gateway, string path, int status, string? key = null)
    {
        string expected = status.ToString(CultureInfo.InvariantCulture);
        await Eventually.HoldsAsync(
            async () => (await Tool.CurlAsync("-o", "/dev/null", "-w", "%{http_code}", "-H", $"apikey: {key ?? "none"}", gateway.Http + path)).Output == expected, $"{status} for {path}");
    }
}
