using System.Net;
using System.Text;
using Headgate.Testing;
using Headgate.Tests.CommandLine;

namespace Headgate.Tests.Hosting;

/// <summary>A gateway whose configuration comes from a file, or is given as a whole, as a process.</summary>
public sealed class StandaloneRunTests : IDisposable
{
    private static readonly (string Name, string Value)[] DataPlane =
        [.. HeadgateProcess.FreePorts, ("HEADGATE_DEPLOYMENT__ROLE", "data_plane"), ("HEADGATE_DEPLOYMENT__ROLE_DATA_PLANE__CONFIG_PROVIDER", "yaml")];

    private static readonly (string Name, string Value)[] ApiDriven = [.. HeadgateProcess.FreePorts, ("HEADGATE_DEPLOYMENT__ROLE_TRADITIONAL__CONFIG_PROVIDER", "yaml")];

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder.Path, "conf", "apisix.yaml");

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task DataPlane_ServesTheFile_AndAfterARestartWithoutItTheLastGoodOne()
    {
        Write("routes:\n- {id: 1, uri: /a, upstream_id: 1}\n- {id: 2, uri: /b, plugins: {nope: {}}}\nupstreams: [{id: 1, nodes: {\"${{NODE}}\": 1}}]\n#END\n");
        await using var node = await HeadgateNode.StartAsync();
        (string, string)[] environment = [.. DataPlane, ("NODE", node.Json.Split('"')[1])];
        await using (var process = new HeadgateProcess(_folder.Path, ["run", "--config", "conf/config.yaml"], environment))
        {
            Uri traffic = await process.UrlAsync("HTTP");
            await process.UrlAsync("metrics");
            process.Output.ShouldNotContain("  Admin API");
            System.IO.File.Exists(Path.Combine(_folder.Path, "data", "admin.key")).ShouldBeFalse();
            (await StatusAsync(traffic, "/a")).ShouldBe(HttpStatusCode.OK);
            (await StatusAsync(traffic, "/b")).ShouldBe(HttpStatusCode.ServiceUnavailable, "its plugin is not there");
            (await TextAsync(process, "control API", "/routes/1")).ShouldContain("\"uri\":\"/a\"");
            (await TextAsync(process, "status", "/ready")).ShouldBe("{\"status\":\"ok\"}\n");
            (await TextAsync(process, "metrics", "")).ShouldContain("\nheadgate_configuration_from_snapshot 0\n");

            Write("routes: [{id: 1, uri: /c, upstream_id: 1}]\nupstreams: [{id: 1, nodes: {\"${{NODE}}\": 1}}]\n#END\n");
            await Eventually.HoldsAsync(async () => await StatusAsync(traffic, "/c") == HttpStatusCode.OK, "the change is served");
            (await StatusAsync(traffic, "/a")).ShouldBe(HttpStatusCode.NotFound);
            process.Terminate();
            (await process.ExitAsync()).ShouldBe(0);
        }

        System.IO.File.Delete(File);
        await using var again = new HeadgateProcess(_folder.Path, ["run", "--config", "conf/config.yaml"], environment);
        Uri anew = await again.UrlAsync("HTTP");
        (await StatusAsync(anew, "/c")).ShouldBe(HttpStatusCode.OK);
        again.Output.ShouldContain("[1060] The configuration is taken from ");
        (await TextAsync(again, "status", "")).ShouldContain("\"from_snapshot\":true,\"revision\":2,");
        (await TextAsync(again, "metrics", "")).ShouldContain("\nheadgate_configuration_from_snapshot 1\n");

        Write("routes: [{id: 1, uri: /d, upstream_id: 1}]\nupstreams: [{id: 1, nodes: {\"${{NODE}}\": 1}}]\n#END\n");
        await Eventually.HoldsAsync(async () => await StatusAsync(anew, "/d") == HttpStatusCode.OK, "the file is back");
        (await TextAsync(again, "status", "")).ShouldBe("{\"status\":\"ok\"}\n");
        (await TextAsync(again, "metrics", "")).ShouldContain("\nheadgate_configuration_from_snapshot 0\n");
    }

    [Fact]
    public async Task DataPlane_NeitherFileNorLastGoodOne_DoesNotStart()
    {
        await using var process = new HeadgateProcess(_folder.Path, ["run"], DataPlane);

        (await process.ExitAsync()).ShouldBe(2);
        process.Output.ShouldContain($"error: cannot start: The configuration file {Path.Combine(_folder.Path, "apisix.yaml")} cannot be used: No such file or directory");
    }

    [Fact]
    public async Task ApiDriven_WhatIsGiven_IsServedAlsoAfterARestart()
    {
        await using var node = await HeadgateNode.StartAsync();
        await using (var process = new HeadgateProcess(_folder.Path, ["run"], ApiDriven))
        {
            Uri admin = await process.UrlAsync("Admin API");
            Uri traffic = await process.UrlAsync("HTTP");
            (await StatusAsync(traffic, "/a")).ShouldBe(HttpStatusCode.NotFound);
            using var request = new HttpRequestMessage(HttpMethod.Put, $"{admin}/configs?wait=30000");
            request.Headers.Add("X-API-KEY", (await System.IO.File.ReadAllTextAsync(Path.Combine(_folder.Path, "data", "admin.key"), Token)).Trim());
            request.Headers.Add("X-Digest", "d1");
            request.Content = new StringContent($"{{\"routes\":[{{\"id\":\"1\",\"uri\":\"/a\",\"upstream_id\":\"1\"}}],\"upstreams\":[{{\"id\":\"1\",\"nodes\":{node.Json}}}]}}", Encoding.UTF8, "application/json");

            (await _client.SendAsync(request, Token)).StatusCode.ShouldBe(HttpStatusCode.OK);

            (await StatusAsync(traffic, "/a")).ShouldBe(HttpStatusCode.OK, "it was waited for");
            process.Terminate();
            (await process.ExitAsync()).ShouldBe(0);
        }

        await using var again = new HeadgateProcess(_folder.Path, ["run"], ApiDriven);
        (await StatusAsync(await again.UrlAsync("HTTP"), "/a")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task DataFolder_IsHeldByOneProcess()
    {
        await using var process = new HeadgateProcess(_folder.Path, ["run"], ApiDriven);
        await process.UrlAsync("metrics");

        await using var second = new HeadgateProcess(_folder.Path, ["run"], ApiDriven);

        (await second.ExitAsync()).ShouldBe(2);
        second.Output.ShouldContain("is in use by process ");
    }

    private void Write(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(Path.Combine(_folder.Path, "conf", "config.yaml"), "");
        System.IO.File.WriteAllText(File, text);
    }

    private async Task<HttpStatusCode> StatusAsync(Uri traffic, string path)
    {
        using HttpResponseMessage answer = await _client.GetAsync(new Uri(traffic, path), Token);
        return answer.StatusCode;
    }

    private async Task<string> TextAsync(HeadgateProcess process, string listener, string path) => await _client.GetStringAsync(new Uri($"{await process.UrlAsync(listener)}{path}"), Token);
}
