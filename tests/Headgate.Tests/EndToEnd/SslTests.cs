using System.Text.Json;
using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>Certificates of the Admin API in front of clients that people use: <c>curl</c> trusts what it is shown, or does not.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class SslTests
{
    [Theory]
    [InlineData("--http1.1")]
    [InlineData("--http2")]
    public async Task Ssl_PutThroughTheAdminApi_IsShownToClientsOfItsNames(string version)
    {
        using var authority = new TestCertificates();
        (string client, string clientKey) = authority.IssuePem("client");
        await using ScriptedNode node = ScriptedNode.StartAnswering("hello");
        await using GatewayProcess gateway = await GatewayProcess.StartAsync();
        await gateway.RouteAllToAsync(node.Port);
        string root = await WriteAsync(gateway, "root.pem", authority.AuthorityPem);
        string pair = await WriteAsync(gateway, "client.pem", $"{client}\n{clientKey}\n");

        await PutAsync("/ssls/1", authority.IssuePem("*.a.test"), "*.a.test", null);
        await PutAsync("/ssls/2", authority.IssuePem("m.test"), "m.test", new { ca = authority.AuthorityPem });
        await gateway.ServedAsync();

        (await GetAsync("x.a.test")).Output.ShouldBe("hello");
        (await GetAsync("x.y.a.test")).Error.ShouldContain("unrecognized name");
        (await GetAsync("m.test")).ExitCode.ShouldNotBe(0);
        (await GetAsync("m.test", "--cert", pair)).Output.ShouldBe("hello");

        (await gateway.AdminAsync("GET", "/ssls/1")).Body.ShouldNotContain("PRIVATE KEY");
        gateway.Process.Log.ShouldNotContain("PRIVATE KEY");
        (await gateway.AdminAsync("DELETE", "/ssls/1")).Status.ShouldBe(200);
        await Eventually.HoldsAsync(async () => (await GetAsync("x.a.test")).Error.Contains("unrecognized name"), "the certificate is gone", 30);

        Task<Tool> GetAsync(string name, params string[] more)
        {
            int port = new Uri(gateway.Https).Port;
            return Tool.CurlAsync(["--cacert", root, "--noproxy", "*", "--connect-to", $"::127.0.0.1:{port}", version, $"https://{name}:{port}/", .. more]);
        }

        Task PutAsync(string path, (string Cert, string Key) shown, string sni, object? asked) => gateway.PutAsync(
            path, JsonSerializer.Serialize(asked is null ? (object)new { cert = shown.Cert, key = shown.Key, sni } : new { cert = shown.Cert, key = shown.Key, sni, client = asked }));
    }

    private static async Task<string> WriteAsync(GatewayProcess gateway, string name, string text)
    {
        string file = Path.Combine(gateway.Folder, name);
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        return file;
    }
}
