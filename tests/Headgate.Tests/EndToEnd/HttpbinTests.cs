using System.Globalization;
using System.Text.Json.Nodes;
using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>Debian's httpbin behind the gateway, which does all that HTTP can and says what it was sent.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class HttpbinTests(HttpbinTests.Fixture fixture) : IClassFixture<HttpbinTests.Fixture>
{
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task Method_ArrivesAsItIs(string method)
    {
        (int status, string body) = await CurlAsync("/anything/a%20b/c?x=1&y=%C3%A4&x=2", "-X", method);
        status.ShouldBe(200);
        JsonNode seen = JsonNode.Parse(body)!;
        ((string)seen["method"]!).ShouldBe(method);
        seen["args"]!.ToJsonString().ShouldBe("""{"x":["1","2"],"y":"\u00E4"}""");
    }

    [Fact]
    public async Task Head_HasNoBody() =>
        (await CurlAsync("/get", "-I")).Body.ShouldStartWith("HTTP/1.1 200 OK\r\n");

    [Fact]
    public async Task Options_ComesThrough() =>
        (await CurlAsync("/get", "-i", "-X", "OPTIONS")).Body.ShouldContain("\r\nAllow: ");

    [Theory]
    [InlineData("gzip", "gzipped")]
    [InlineData("deflate", "deflated")]
    [InlineData("brotli", "brotli")]
    public async Task Encoding_ComesThroughAsItIs(string path, string member)
    {
        (int status, string body) = await CurlAsync("/" + path, "--compressed");
        status.ShouldBe(200);
        ((bool)JsonNode.Parse(body)![member]!).ShouldBeTrue();
    }

    [Fact]
    public async Task Chunked_LinesAllArrive() =>
        (await CurlAsync("/stream/20")).Body.Trim().Split('\n').Select(l => (int)JsonNode.Parse(l)!["id"]!).ShouldBe(Enumerable.Range(0, 20));

    [Theory]
    [InlineData("--http1.1")]
    [InlineData("--http1.0")]
    [InlineData("--http2-prior-knowledge")]
    public async Task Chunked_BytesAreTheSameAsWithoutTheGateway(string version)
    {
        const string Path = "/stream-bytes/100000?seed=7&chunk_size=777";
        byte[] direct = (await Tool.CurlAsync($"http://127.0.0.1:{fixture.Origin.Port}{Path}")).Bytes;
        Tool through = await Tool.CurlAsync(version, fixture.Gateway.Http + Path);
        through.ExitCode.ShouldBe(0, through.Error);
        direct.Length.ShouldBe(100_000);
        through.Bytes.ShouldBe(direct);
    }

    [Theory]
    [InlineData("/redirect/3", 3)]
    [InlineData("/relative-redirect/2", 2)]
    [InlineData("/absolute-redirect/3", 3)]
    public async Task Redirects_LeadThroughTheGatewayToTheEnd(string path, int count)
    {
        // An absolute one names the host that the client asked for: the gateway's.
        Tool curl = await Tool.CurlAsync("-L", "-o", "/dev/null", "-w", "%{http_code} %{num_redirects} %{url_effective}", fixture.Gateway.Http + path);
        curl.Output.ShouldBe($"200 {count} {fixture.Gateway.Http}/get");
    }

    [Fact]
    public async Task Cookies_AreSetAndSentBack()
    {
        (_, string body) = await CurlAsync("/cookies/set?a=1&b=2", "-L", "-c", "/dev/null", "-b", "none");
        JsonNode.Parse(body)!["cookies"]!.ToJsonString().ShouldBe("""{"a":"1","b":"2"}""");
    }

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(204)]
    [InlineData(304)]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(418)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Status_ComesThrough(int status) =>
        (await CurlAsync($"/status/{status}")).Status.ShouldBe(status);

    [Fact]
    public async Task ForwardedHeaders_SayWhoAsked_AndHopByHopOnesStay()
    {
        (_, string body) = await CurlAsync(
            "/anything?show_env=1", "-H", "X-Mine: 1", "-H", "X-Forwarded-For: 10.1.2.3", "-H", "Connection: keep-alive, X-Hop", "-H", "X-Hop: 1", "-H", "TE: trailers");
        JsonNode seen = JsonNode.Parse(body)!["headers"]!;
        ((string)seen["X-Mine"]!).ShouldBe("1");
        ((string)seen["X-Forwarded-For"]!).ShouldEndWith("127.0.0.1");
        ((string)seen["X-Real-Ip"]!).ShouldBe("127.0.0.1");
        ((string)seen["X-Forwarded-Proto"]!).ShouldBe("http");
        ((string)seen["X-Forwarded-Port"]!).ShouldBe(fixture.Gateway.HttpPort.ToString(CultureInfo.InvariantCulture));
        ((string)seen["Host"]!).ShouldBe(new Uri(fixture.Gateway.Http).Authority);
        seen["X-Hop"].ShouldBeNull();
    }

    [Theory]
    [InlineData("--http1.1")]
    [InlineData("--http2-prior-knowledge")]
    public async Task Bodies_ArriveWhole(string version)
    {
        (_, string form) = await CurlAsync("/anything", version, "-d", "a=1", "-d", "b=two words");
        JsonNode.Parse(form)!["form"]!.ToJsonString().ShouldBe("""{"a":"1","b":"two words"}""");
        (_, string json) = await CurlAsync("/anything", version, "-H", "Content-Type: application/json", "-d", """{"k":[1,2]}""");
        JsonNode.Parse(json)!["json"]!.ToJsonString().ShouldBe("""{"k":[1,2]}""");

        string file = Path.Combine(fixture.Gateway.Folder, "upload" + version);
        await File.WriteAllTextAsync(file, string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i}\n")));
        (_, string multipart) = await CurlAsync("/anything", version, "-F", "field=value", "-F", $"upload=@{file}");
        ((string)JsonNode.Parse(multipart)!["files"]!["upload"]!).ShouldBe(await File.ReadAllTextAsync(file));
        ((string)JsonNode.Parse(multipart)!["form"]!["field"]!).ShouldBe("value");
        (_, string plain) = await CurlAsync("/anything", version, "-X", "PUT", "-H", "Content-Type: text/plain", "-T", file);
        ((string)JsonNode.Parse(plain)!["data"]!).ShouldBe(await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task BasicAuthentication_IsTheOrigins()
    {
        (await CurlAsync("/basic-auth/user/secret")).Status.ShouldBe(401);
        (await CurlAsync("/basic-auth/user/secret", "-u", "user:wrong")).Status.ShouldBe(401);
        (await CurlAsync("/basic-auth/user/secret", "-u", "user:secret")).Status.ShouldBe(200);
        (await CurlAsync("/digest-auth/auth/user/secret", "--digest", "-u", "user:secret")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Delay_BeyondTheRoutesTimeout_Is504()
    {
        await fixture.Gateway.PutAsync("/routes/slow", """{"uri":"/delay/*","upstream_id":"1","timeout":{"connect":3,"send":3,"read":3}}""");
        await fixture.Gateway.ServedAsync();
        (await CurlAsync("/delay/10", "-m", "60")).Status.ShouldBe(504);
        (await CurlAsync("/delay/0")).Status.ShouldBe(200);
    }

    private async Task<(int Status, string Body)> CurlAsync(string path, params string[] more)
    {
        Tool curl = await Tool.CurlAsync([.. more, "-w", "\n%{http_code}", fixture.Gateway.Http + path]);
        curl.ExitCode.ShouldBe(0, curl.Error);
        int split = curl.Output.LastIndexOf('\n');
        return (int.Parse(curl.Output.AsSpan(split + 1), CultureInfo.InvariantCulture), curl.Output[..split]);
    }

    /// <summary>One gateway and one httpbin for all of them.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        internal GatewayProcess Gateway { get; private set; } = null!;

        internal HttpbinOrigin Origin { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Origin = await HttpbinOrigin.StartAsync();
            Gateway = await GatewayProcess.StartAsync();
            await Gateway.RouteAllToAsync(Origin.Port);
        }

        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await Origin.DisposeAsync();
        }
    }
}
