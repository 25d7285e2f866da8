namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>redirect</c> through the whole gateway.</summary>
public sealed class RedirectTests
{
    [Theory]
    [InlineData(1, """{"uri":"/new$uri"}""", "/a/b?x=1", 302, "/new/a/b")]
    [InlineData(2, """{"uri":"https://$host$request_uri","ret_code":301}""", "/a?x=1", 301, "https://127.0.0.1/a?x=1")]
    [InlineData(1, """{"uri":"/${arg_to}x$is_args$args"}""", "/a?to=b", 302, "/bx?to=b")]
    [InlineData(1, """{"regex_uri":["^/test/(.*)/(.*)$","/$2/${1}"],"ret_code":307}""", "/test/a/b", 307, "/b/a")]
    [InlineData(2, """{"regex_uri":["^/test/(.*)","https://else.test/$1"]}""", "/test/a/b", 302, "https://else.test/a/b")]
    [InlineData(1, """{"regex_uri":["e","($0$$)"]}""", "/test/e", 302, "/t(e$)st/e")]
    [InlineData(1, """{"uri":"/new","append_query_string":true}""", "/a?x=1", 302, "/new?x=1")]
    [InlineData(1, """{"uri":"/new?y=2","append_query_string":true}""", "/a?x=1", 302, "/new?y=2&x=1")]
    [InlineData(1, """{"uri":"/new","append_query_string":true}""", "/a", 302, "/new")]
    [InlineData(1, """{"uri":"/n$uri?q=%41","encode_uri":true}""", "/a%25b%7C", 302, "/n/a%25b%7C?q=%41")]
    [InlineData(1, """{"http_to_https":true}""", "/a?x=1", 301, "https://127.0.0.1/a?x=1")]
    [InlineData(2, """{"http_to_https":true}""", "/a?x=1", 301, "https://127.0.0.1/a?x=1")]
    public async Task Request_IsAnsweredWithTheLocation(int version, string config, string path, int status, string location)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"redirect":{{config}}}""");
        PluginAnswer answer = await gateway.GetAsync(version, path);
        (answer.Status, answer.Fields["Location"].ShouldHaveSingleItem(), answer.Body).ShouldBe((status, location, ""));
        gateway.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task Template_WithAnEscapedDollarAndAMissingVariable_IsTextAndEmpty()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"redirect":{"uri":"/$arg_none.\\$host$"}}""");
        string answer = await gateway.Gateway.SendRawAsync("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        answer.ShouldContain("\r\nLocation: /.\\$host$\r\n");
    }

    // What the path brings decoded cannot begin a header line of its own.
    [Theory]
    [InlineData(1, """{"uri":"/n$uri"}""")]
    [InlineData(2, """{"uri":"/n$uri"}""")]
    [InlineData(1, """{"regex_uri":["^/(.*)","/n/$1"]}""")]
    [InlineData(1, """{"regex_uri":["^/((?s).*)","/n/$1"]}""")]
    public async Task Request_WithLineEndsInItsPath_HasThemEncoded(int version, string config)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"redirect":{{config}}}""");
        PluginAnswer answer = await gateway.GetAsync(version, "/a%0D%0ASet-Cookie:%20x=%C3%A9");
        answer.Fields["Location"].ShouldBe(["/n/a%0D%0ASet-Cookie:%20x=%C3%A9"]);
        answer.Fields["Set-Cookie"].ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1, """{"regex_uri":["^/old/","/new/"]}""")]
    [InlineData(2, """{"regex_uri":["^/old/(.*)","/new/$1"]}""")]
    [InlineData(1, """{"http_to_https":false}""")]
    public async Task Request_ThatIsNotMeant_GoesOn(int version, string config)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"redirect":{{config}}}""");
        (await gateway.GetAsync(version, "/a")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task HttpToHttps_OtherMethodsAndForwardedRequests(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"redirect":{"http_to_https":true}}""");
        var post = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{gateway.Gateway.Port}/a") { Content = new StringContent("body") };
        (await gateway.SendAsync(version, post)).Status.ShouldBe(308);
        (await gateway.GetAsync(version, "/a", ("X-Forwarded-Proto", "https"))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(8443, "https://127.0.0.1:8443/a")]
    [InlineData(443, "https://127.0.0.1/a")]
    public async Task HttpToHttps_NamesThePortUnlessItIsTheUsual(int port, string location)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"redirect":{"http_to_https":true}}""", httpsPort: port);
        (await gateway.GetAsync(1, "/a")).Fields["Location"].ShouldBe([location]);
    }

    // Hostile to a regular expression that tries everything: the answer comes all the same.
    [Fact]
    public async Task HostilePath_IsAnswered()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"redirect":{"regex_uri":["^/(a+)+$","/b"]}}""");
        (await gateway.GetAsync(1, "/" + new string('a', 200) + "!")).Status.ShouldBe(200);
        gateway.Put("""{"redirect":{"regex_uri":["^/(?=a)(a+)+$","/b"]}}""");
        (await gateway.GetAsync(1, "/" + new string('a', 200) + "!")).Status.ShouldBe(500);
    }

    [Theory]
    [InlineData("{}", "value should match only one schema, but matches none")]
    [InlineData("""{"uri":"/a","http_to_https":true}""", "value should match only one schema, but matches both schemas 1 and 3")]
    [InlineData("""{"uri":"/"}""", "property \"uri\" validation failed: string too short, expected at least 2, got 1")]
    [InlineData("""{"uri":"/a","ret_code":199}""", "property \"ret_code\" validation failed: expected 199 to be at least 200")]
    [InlineData("""{"regex_uri":["/a"]}""", "property \"regex_uri\" validation failed: expect array to have at least 2 items")]
    [InlineData("""{"regex_uri":["/a","/b","/c"]}""", "property \"regex_uri\" validation failed: expect array to have at most 2 items")]
    [InlineData("""{"regex_uri":["(","/b"]}""", "invalid regex_uri ((, /b), err:")]
    [InlineData("""{"regex_uri":["/a","/$host"]}""", "invalid regex_uri (/a, /$host), err:the dollar at offset 1 names no capture; allowed: $0 to $99, ${1}, and $$ for a dollar")]
    [InlineData("""{"http_to_https":true,"append_query_string":true}""", "only one of `http_to_https` and `append_query_string` can be configured.")]
    [InlineData("""{"uri":"/a","code":301}""", "additional properties forbidden, found code")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("redirect", config, text);
}
