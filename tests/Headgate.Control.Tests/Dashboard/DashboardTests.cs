using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Headgate.Control.Dashboard;
using Headgate.Control.Tests.AdminApi;

namespace Headgate.Control.Tests.Dashboard;

/// <summary>How the built dashboard is served: its page for all paths of its own, under a policy that lets nothing else in; and what is said when there is none.</summary>
public sealed partial class DashboardTests : IDisposable
{
    private const string Script = "console.log('a script that is long enough to become smaller, long enough to become smaller')";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-dashboard-");
    private readonly HttpClient _client = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });

    public void Dispose()
    {
        _client.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/gateway_groups/default/upstreams")]
    [InlineData("/gateway_groups/default/upstreams/orders.v1")]
    public async Task Page_EveryPathOfItsOwn_HasTheNonceOfItsAnswer(string path)
    {
        await using ApiServer server = await StartAsync(built: true);

        (HttpResponseMessage first, string text) = await GetAsync(server, path);
        string policy = first.Headers.GetValues("Content-Security-Policy").Single();
        string nonce = Nonce().Match(policy).Groups[1].Value;
        nonce.Length.ShouldBe(24);
        text.ShouldBe($"<meta name=\"csp-nonce\" content=\"{nonce}\">");
        policy.ShouldStartWith("default-src 'none'; script-src 'self'; ");
        policy.ShouldNotContain("unsafe");
        first.Headers.CacheControl!.NoStore.ShouldBeTrue();
        first.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        (HttpResponseMessage second, _) = await GetAsync(server, path);
        Nonce().Match(second.Headers.GetValues("Content-Security-Policy").Single()).Groups[1].Value.ShouldNotBe(nonce);
    }

    [Fact]
    public async Task File_IsKeptByBrowsers_AndSentCompressed()
    {
        await using ApiServer server = await StartAsync(built: true);

        (HttpResponseMessage plain, string text) = await GetAsync(server, "/assets/app-1a2b.js");
        (text, plain.Content.Headers.ContentType!.MediaType).ShouldBe((Script, "text/javascript"));
        plain.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
        using var asking = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, "/assets/app-1a2b.js")) { Headers = { { "Accept-Encoding", "br, gzip" } } };
        using HttpResponseMessage compressed = await _client.SendAsync(asking);
        compressed.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        await using var unpacked = new GZipStream(await compressed.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        (await reader.ReadToEndAsync()).ShouldBe(Script);
        using var again = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, "/assets/app-1a2b.js")) { Headers = { IfNoneMatch = { plain.Headers.ETag! } } };
        (await _client.SendAsync(again)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Theory]
    [InlineData("/api/no_such_thing", 404)]
    [InlineData("/apisix/other", 404)]
    [InlineData("/assets/none.js", 404)]
    [InlineData("/favicon.ico", 404)]
    [InlineData("/assets/notes.unknown", 404)]
    [InlineData("/..%2fsecret.txt", 404)]
    public async Task PathOfNothing_IsNotThePage(string path, int status)
    {
        await using ApiServer server = await StartAsync(built: true);
        await File.WriteAllTextAsync(_folder.FullName + "/secret.txt", "secret");

        (HttpResponseMessage answer, string text) = await GetAsync(server, path);

        ((int)answer.StatusCode, text).ShouldBe((status, ""));
    }

    [Fact]
    public async Task NotBuilt_SaysSo_AndTheApiAnswers()
    {
        await using ApiServer server = await StartAsync(built: false);

        (HttpResponseMessage answer, string text) = await GetAsync(server, "/");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        text.ShouldStartWith("The dashboard is not built.");
        (await GetAsync(server, "/upstreams")).Answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Client.Get("upstreams")).ShouldBe(200);
    }

    [Fact]
    public async Task AddressThatMayNotUseTheAdminApi_SeesNothing()
    {
        Build();
        await using ApiServer server = await ApiServer.StartAsync(
            endpoints => endpoints.MapDashboard(Folder), AdminServer.Options with { AllowAdmin = [IPNetwork.Parse("10.0.0.0/8")] });

        (await GetAsync(server, "/")).Answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [GeneratedRegex("'nonce-([^']*)'")]
    private static partial Regex Nonce();

    private string Folder => _folder.FullName + "/dashboard";

    private async Task<ApiServer> StartAsync(bool built)
    {
        if (built)
            Build();
        return await ApiServer.StartAsync(endpoints => endpoints.MapDashboard(Folder));
    }

    private void Build()
    {
        Directory.CreateDirectory(Folder + "/assets");
        File.WriteAllText(Folder + "/index.html", "<meta name=\"csp-nonce\" content=\"__CSP_NONCE__\">");
        File.WriteAllText(Folder + "/assets/app-1a2b.js", Script);
        File.WriteAllText(Folder + "/assets/notes.unknown", "a");
    }

    private async Task<(HttpResponseMessage Answer, string Text)> GetAsync(ApiServer server, string path)
    {
        HttpResponseMessage answer = await _client.GetAsync(new Uri(server.Address.GetLeftPart(UriPartial.Authority) + path));
        return (answer, Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync()));
    }
}
