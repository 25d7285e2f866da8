using System.Text;
using System.Text.Json;
using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>Secrets in the data folder of a real process: what lies there, and what a restart makes of it.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class SecretsAtRestTests : IDisposable
{
    private const string Token = "hush-hush-hush";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-run-");

    private string Ring => Path.Combine(_folder.FullName, "data", "encryption.keys");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Secret_IsInNoFile_AndIsBackAfterARestart()
    {
        await using (GatewayProcess gateway = await GatewayProcess.StartAsync(folder: _folder.FullName))
        {
            await gateway.PutAsync("/secrets/vault/1", $$"""{"uri":"http://127.0.0.1:8200","prefix":"kv","token":"{{Token}}"}""");
            (await gateway.AdminAsync("GET", "/secrets/vault/1")).Body.ShouldContain(Token);
            (await gateway.StopAsync()).ShouldBe(0);
        }

        File.GetUnixFileMode(Ring).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(Ring)!))
            (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Token)).ShouldBe(-1, file);

        await using GatewayProcess again = await GatewayProcess.StartAsync(folder: _folder.FullName);
        (await again.AdminAsync("GET", "/secrets/vault/1")).Body.ShouldContain(Token);
    }

    [Fact]
    public async Task SecretsOfConsumers_AreGivenBackByTheAdminApiAlone()
    {
        string[] secrets = ["hush-of-basic", "hush-of-jwt-auth-and-32-bytes-long", "hush-of-hmac"];
        string[] credentials =
        [
            $$$"""{"plugins":{"basic-auth":{"username":"u","password":"{{{secrets[0]}}}"} } }""",
            $$$"""{"plugins":{"jwt-auth":{"key":"k","secret":"{{{secrets[1]}}}"} } }""",
            $$$"""{"plugins":{"hmac-auth":{"key_id":"i","secret_key":"{{{secrets[2]}}}"} } }""",
        ];
        await using GatewayProcess gateway = await GatewayProcess.StartAsync(folder: _folder.FullName);
        await gateway.PutAsync("/consumers/jack", """{"username":"jack"}""");
        await gateway.PutAsync("/consumers/jim", """{"username":"jim"}""");
        for (int i = 0; i < credentials.Length; i++)
        {
            await gateway.PutAsync($"/consumers/jack/credentials/{i}", credentials[i]);
            (await gateway.AdminAsync("GET", $"/consumers/jack/credentials/{i}")).Body.ShouldContain(secrets[i]);
            (int status, string body) = await gateway.AdminAsync("PUT", $"/consumers/jim/credentials/{i}", credentials[i]);
            status.ShouldBe(400, body);
            body.ShouldMatch($"duplicate (username of plugin basic-auth|key of plugin jwt-auth|key_id of plugin hmac-auth) found with credential: {i} of consumer: jack");
            body.ShouldNotContain("hush");
        }

        (await gateway.AdminAsync("GET", "/consumers/jack", null, "-H", "X-API-KEY: wrong")).Body.ShouldNotContain("hush");
        using (var client = new HttpClient())
            (await client.GetAsync(new Uri(gateway.Control + "/v1/consumers"), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        await gateway.ServedAsync();
        (await gateway.StopAsync()).ShouldBe(0);
        gateway.Process.Log.ShouldNotContain("hush");
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(Ring)!))
            (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf("hush"u8).ShouldBe(-1, file);
    }

    [Fact]
    public async Task PrivateKeyOfAnUpstreamInsideATrafficSplit_IsGivenBackByTheAdminApiAlone()
    {
        using var authority = new TestCertificates();
        (string cert, string key) = authority.IssuePem("a.test");
        string body = key.Split('\n')[1];
        await using GatewayProcess gateway = await GatewayProcess.StartAsync(folder: _folder.FullName);
        string route = JsonSerializer.Serialize(new
        {
            uri = "/*",
            upstream = new { nodes = new Dictionary<string, int> { ["127.0.0.1:1"] = 1 } },
            plugins = new Dictionary<string, object>
            {
                ["traffic-split"] = new
                {
                    rules = new[] { new { weighted_upstreams = new[] { new { upstream = new { scheme = "https", nodes = new Dictionary<string, int> { ["127.0.0.1:1"] = 1 }, tls = new { client_cert = cert, client_key = key } } } } } },
                },
            },
        });
        await gateway.PutAsync("/routes/1", route);
        await gateway.PutAsync("/routes/1", route.Replace("/*", "/a", StringComparison.Ordinal));

        (await gateway.AdminAsync("GET", "/routes/1")).Body.ShouldContain(body);
        using (var client = new HttpClient { DefaultRequestHeaders = { { "X-API-KEY", GatewayProcess.AdminKey } } })
        {
            Uri admin = new(gateway.Admin);
            foreach (Uri shown in (Uri[])[new(admin, "/api/routes/1"), new(admin, "/api/gateway_groups/default/revisions"), new(admin, "/api/gateway_groups/default/revisions?format=csv"), new(admin, "/api/gateway_groups/default/routes/1/history"), new(gateway.Control + "/v1/routes")])
            {
                string answer = await client.GetStringAsync(shown, TestContext.Current.CancellationToken);
                answer.ShouldContain("127.0.0.1:1", customMessage: shown.AbsoluteUri);
                answer.ShouldNotContain(body, customMessage: shown.AbsoluteUri);
            }
        }

        (await gateway.StopAsync()).ShouldBe(0);
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(Ring)!))
            (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(body)).ShouldBe(-1, file);
    }
}
