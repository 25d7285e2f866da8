using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Headgate.Testing;
using Headgate.Tests.CommandLine;

namespace Headgate.Tests.Hosting;

/// <summary><c>headgate run</c> as a process: what it opens, what it says, how it ends.</summary>
public sealed class RunTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_EmptyStore_ServesWhatTheAdminApiIsTold()
    {
        using var folder = new TemporaryFolder();
        await using var node = await HeadgateNode.StartAsync();
        await using var process = new HeadgateProcess(folder.Path, ["run"], HeadgateProcess.FreePorts);
        using var client = new HttpClient();
        Uri traffic = await process.UrlAsync("HTTP");
        Uri admin = await process.UrlAsync("Admin API");
        await process.LineAsync(l => l.StartsWith("The store is empty.", StringComparison.Ordinal));
        string keyFile = Path.Combine(folder.Path, "data", "admin.key");
        File.GetUnixFileMode(keyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string key = (await File.ReadAllTextAsync(keyFile, Token)).Trim();

        (await client.GetAsync(traffic, Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await PutAsync(client, $"{admin}/upstreams/1", key, "{\"nodes\":" + node.Json + "}");
        await PutAsync(client, $"{admin}/routes/1", key, """{"uri":"/*","upstream_id":"1"}""");
        await UntilAsync(async () => (await client.GetAsync(traffic, Token)).StatusCode == HttpStatusCode.OK);

        (await client.GetStringAsync(new Uri($"{await process.UrlAsync("status")}/ready"), Token)).ShouldContain("ok");
        (await client.GetStringAsync(new Uri($"{await process.UrlAsync("control API")}/upstreams"), Token)).ShouldContain("/apisix/upstreams/1");
        Uri metricsPage = await process.UrlAsync("metrics");
        string metrics = "";
        await UntilAsync(async () => (metrics = await client.GetStringAsync(metricsPage, Token)).Contains("{class=\"2xx\"} 1\n", StringComparison.Ordinal)); // counted behind its answer
        metrics.ShouldContain("headgate_build_info{version=\"0.1.0\"} 1\n");
        metrics.ShouldContain("headgate_config_revision 3\n");
        metrics.ShouldContain("headgate_http_requests_total{class=\"2xx\"} 1\n");
        process.Output.ShouldNotContain(key);
        process.Output.Split('\n').Count(static line => line.StartsWith("  first user  admin, password ", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [InlineData("30s", "done")]
    [InlineData("0s", null)]
    public async Task Run_StopWithRequestUnderWay_WaitsForItWithinTheBound(string bound, string? expected)
    {
        using var folder = new TemporaryFolder();
        await using var node = await HeadgateNode.StartAsync();
        await using var process = new HeadgateProcess(folder.Path, ["run"], [.. HeadgateProcess.FreePorts, ("HEADGATE_HEADGATE__SHUTDOWN_TIMEOUT", bound)]);
        using var client = new HttpClient();
        Uri traffic = await process.UrlAsync("HTTP");
        Uri admin = await process.UrlAsync("Admin API");
        Uri ready = new($"{await process.UrlAsync("status")}/ready");
        await process.LineAsync(l => l.StartsWith("The store is empty.", StringComparison.Ordinal));
        string key = (await File.ReadAllTextAsync(Path.Combine(folder.Path, "data", "admin.key"), Token)).Trim();
        await PutAsync(client, $"{admin}/routes/1", key, "{\"uri\":\"/*\",\"upstream\":{\"nodes\":" + node.Json + "}}");
        await UntilAsync(async () => (await client.GetAsync(traffic, Token)).StatusCode == HttpStatusCode.OK);

        Task<string?> slow = TextOrNullAsync(client, new Uri(traffic, "/wait"));
        await node.WaitingAsync();
        process.Terminate();
        await process.LineAsync(l => l.StartsWith("stopping: ", StringComparison.Ordinal));
        if (expected is not null)
        {
            // No new clients, not ready, and the request is still there.
            await UntilAsync(async () => await TextOrNullAsync(new HttpClient(), traffic) is null);
            for (int i = 0; i < 20; i++)
                (await client.GetAsync(ready, Token)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            slow.IsCompleted.ShouldBeFalse();
            node.Release();
        }

        (await slow).ShouldBe(expected);
        (await process.ExitAsync()).ShouldBe(0);
        process.Output.ShouldContain("stopped");
    }

    [Fact]
    public async Task Run_TrafficPortInUse_NamesPortAndKey()
    {
        using var folder = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var process = new HeadgateProcess(folder.Path, ["run"], [.. HeadgateProcess.FreePorts[1..], ("HEADGATE_APISIX__NODE_LISTEN", $"[{{ip: 127.0.0.1, port: {port}}}]")]);

        (await process.ExitAsync()).ShouldBe(2);
        process.Output.ShouldContain($"error: cannot start: apisix.node_listen[0]: Failed to bind to address http://127.0.0.1:{port}: address already in use");
    }

    [Fact]
    public async Task Run_AdminPortInUse_NamesPortAndKey()
    {
        using var folder = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var process = new HeadgateProcess(folder.Path, ["run"], [.. HeadgateProcess.FreePorts, ("HEADGATE_DEPLOYMENT__ADMIN__ADMIN_LISTEN__PORT", $"{port}")]);

        (await process.ExitAsync()).ShouldBe(2);
        process.Output.ShouldContain(
            $"error: cannot start: deployment.admin.admin_listen.port: 127.0.0.1:{port} is in use by another process; use another port, or stop the other (HEADGATE_DEPLOYMENT__ADMIN__ADMIN_LISTEN__PORT overrides the key)");
    }

    [Fact]
    public async Task Run_DataFolderHeldByAnother_IsRefused()
    {
        using var folder = new TemporaryFolder();
        await using var first = new HeadgateProcess(folder.Path, ["run"], HeadgateProcess.FreePorts);
        await first.UrlAsync("HTTP");
        await using var second = new HeadgateProcess(folder.Path, ["run"], HeadgateProcess.FreePorts);

        (await second.ExitAsync()).ShouldBe(2);
        second.Output.ShouldContain("error: cannot start: The data folder ");
    }

    [Fact]
    public async Task Run_KeyFileKept_OnTheNextStart()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "data", "admin.key");
        string[] keys = new string[2];
        for (int i = 0; i < 2; i++)
        {
            await using var process = new HeadgateProcess(folder.Path, ["run"], HeadgateProcess.FreePorts);
            await process.UrlAsync("HTTP");
            keys[i] = await File.ReadAllTextAsync(file, Token);
            process.Terminate();
            (await process.ExitAsync()).ShouldBe(0);
        }

        keys[0].ShouldBe(keys[1]);
        keys[0].Trim().Length.ShouldBe(32);
    }

    [Theory]
    [InlineData("true", "2.0")]
    [InlineData("false", "1.1")]
    public async Task Run_Certificate_ServesHttpsInTheVersionsAllowed(string http2, string expected)
    {
        using var folder = new TemporaryFolder();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=gateway.test", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        string certFile = folder.Write("cert.pem", certificate.ExportCertificatePem());
        string keyFile = folder.Write("key.pem", key.ExportPkcs8PrivateKeyPem());
        await using var process = new HeadgateProcess(
            folder.Path, ["run"],
            [.. HeadgateProcess.FreePorts, ("HEADGATE_APISIX__ENABLE_HTTP2", http2),
             ("HEADGATE_HEADGATE__TLS__CERT", certFile), ("HEADGATE_HEADGATE__TLS__KEY", keyFile)]);
        string? seen = null;
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, shown, _, _) => (seen = shown?.Subject) is not null,
        };
        using var client = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower };

        using HttpResponseMessage response = await client.GetAsync(await process.UrlAsync("HTTPS"), Token);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        response.Version.ToString().ShouldBe(expected);
        seen.ShouldBe("CN=gateway.test");
    }

    [Theory]
    [InlineData("--http1.1")]
    [InlineData("--http2")]
    public async Task Run_CertificateWithItsChain_IsTrustedByWhoKnowsTheRoot(string version)
    {
        using var folder = new TemporaryFolder();
        using var root = new TestCertificates();
        using var middle = new TestCertificates(root);
        (string leaf, string key) = middle.IssuePem("gateway.test");
        string certFile = folder.Write("cert.pem", $"{leaf}\n{middle.AuthorityPem}\n");
        string keyFile = folder.Write("key.pem", key);
        string rootFile = folder.Write("root.pem", root.AuthorityPem);
        await using var process = new HeadgateProcess(
            folder.Path, ["run"],
            [.. HeadgateProcess.FreePorts, ("HEADGATE_HEADGATE__TLS__CERT", certFile), ("HEADGATE_HEADGATE__TLS__KEY", keyFile)]);
        int port = (await process.UrlAsync("HTTPS")).Port;

        Tool curl = await Tool.CurlAsync(
            "--cacert", rootFile, "--noproxy", "*", "--connect-to", $"::127.0.0.1:{port}", version, "-o", "/dev/null", "-w", "%{http_code}", $"https://gateway.test:{port}/");

        curl.Error.ShouldBeEmpty();
        curl.Output.ShouldBe("404");
    }

    [Fact]
    public async Task Run_BadCertificate_NamesFilesAndKeys()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("x.pem", "nothing");
        await using var process = new HeadgateProcess(folder.Path, ["run"], [.. HeadgateProcess.FreePorts, ("HEADGATE_HEADGATE__TLS__CERT", file), ("HEADGATE_HEADGATE__TLS__KEY", file)]);

        (await process.ExitAsync()).ShouldBe(2);
        process.Output.ShouldContain($"error: cannot start: headgate.tls.cert, headgate.tls.key: {file} and {file} are no certificate with its key in PEM: ");
    }

    private static async Task PutAsync(HttpClient client, string url, string key, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, url) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-API-KEY", key);
        (await client.SendAsync(request, Token)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private static async Task<string?> TextOrNullAsync(HttpClient client, Uri url)
    {
        try
        {
            return await client.GetStringAsync(url, Token);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static Task UntilAsync(Func<Task<bool>> condition) => Eventually.HoldsAsync(condition, "the condition");
}
