using System.Globalization;
using Headgate.Core.Config;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>proxy-cache</c> through the whole gateway, in front of a node whose answers count up.</summary>
public sealed class ProxyCacheTests
{
    private const string Memory = "\"cache_strategy\":\"memory\",\"cache_zone\":\"memory_cache\"";

    private readonly ManualTimeProvider _time = new();
    private int _answers;

    // What the node says besides, and what it saw last.
    private volatile string _fields = "";
    private volatile string _status = "200 OK";
    private volatile string _seen = "";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task SecondRequest_IsAnsweredWithTheFirstsAnswer_UntilItIsTooOld(int version)
    {
        await using PluginGateway gateway = await StartAsync("");
        _fields = "Content-Type: a/b\r\nX-A: 1\r\nX-A: 2\r\nConnection: x-hop\r\nX-Hop: 1\r\nRateLimit-Remaining: 3\r\n";
        (await GetAsync(gateway, version)).ShouldBe("MISS 200 body 1");
        _time.Advance(TimeSpan.FromSeconds(7));
        PluginAnswer hit = await gateway.GetAsync(version);
        Told(hit).ShouldBe("HIT 200 body 1");
        (hit.Fields["Age"].Single(), hit.Fields["Content-Type"].Single(), hit.Fields["Content-Length"].Single(), hit.Fields["RateLimit-Remaining"].Any(), hit.Fields["X-Hop"].Any())
            .ShouldBe(("7", "a/b", "6", false, false));
        hit.Fields["X-A"].ShouldBe(["1", "2"]);
        (hit.Fields["Date"].Count(), hit.Fields["X-APISIX-Upstream-Status"].Any()).ShouldBe((1, false));

        BodyAnswer head = await gateway.ReadAsync(version, HttpMethod.Head);
        (head.Status, head.Field("Apisix-Cache-Status"), head.Field("Content-Length"), head.Text).ShouldBe((200, "HIT", "6", ""));

        (await GetAsync(gateway, version, "/?other")).ShouldBe("MISS 200 body 2");
        _time.Advance(TimeSpan.FromSeconds(294));
        (await GetAsync(gateway, version)).ShouldBe("EXPIRED 200 body 3");
        (await GetAsync(gateway, version)).ShouldBe("HIT 200 body 3");
        gateway.Requests.ShouldBe(3);
    }

    [Theory]
    [InlineData("", "Cache-Control: no-store", false)]
    [InlineData("", "Cache-Control: max-age=5, Private", false)]
    [InlineData("", "Cache-Control: private=\"a, b\", public", false)]
    [InlineData("", "Cache-Control: no-cache", false)]
    [InlineData("", "Set-Cookie: a=b", false)]
    [InlineData(",\"cache_set_cookie\":true", "Set-Cookie: a=b", true)]
    [InlineData("", "Vary: Accept, *", false)]
    [InlineData("", "Cache-Control: max-age=0", true)] // without cache_control, cache_ttl counts
    [InlineData(",\"cache_control\":true", "X-A: 1", false)]
    [InlineData(",\"cache_control\":true", "Cache-Control: max-age=0", false)]
    [InlineData(",\"cache_control\":true", "Cache-Control: max-age=9, s-maxage=0", false)]
    [InlineData(",\"cache_control\":true", "Cache-Control: max-age=9", true)]
    [InlineData(",\"cache_control\":true", "Cache-Control: max-age=9\r\nAge: 9", false)]
    [InlineData(",\"cache_control\":true", "Cache-Control: max-age=9x", false)]
    [InlineData(",\"cache_control\":true", "Expires: 0", false)]
    [InlineData(",\"cache_control\":true", "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nExpires: Sun, 06 Nov 1994 08:49:47 GMT", false)]
    [InlineData(",\"cache_control\":true", "Expires: Fri, 31 Dec 9999 23:59:59 GMT", true)]
    [InlineData(",\"max_resp_body_size\":5", "X-A: 1", false)]
    [InlineData(",\"max_resp_body_size\":6", "X-A: 1", true)]
    [InlineData(",\"no_cache\":[\"$arg_n\"]", "X-A: 1", false)]
    [InlineData(",\"cache_http_status\":[201]", "X-A: 1", false)]
    public async Task Answer_IsKept_WhereNothingForbidsIt(string config, string field, bool kept)
    {
        await using PluginGateway gateway = await StartAsync(config);
        _fields = field + "\r\n";
        (await GetAsync(gateway, 1, "/?n=1")).ShouldBe("MISS 200 body 1");
        (await GetAsync(gateway, 1, "/?n=1")).ShouldBe(kept ? "HIT 200 body 1" : "MISS 200 body 2");
    }

    [Theory]
    [InlineData("", "Range", "bytes=0-1", "BYPASS")]
    [InlineData("", "If-Match", "\"a\"", "BYPASS")]
    [InlineData(",\"cache_bypass\":[\"$arg_b\",\"$http_x_pass\"]", "X-Pass", "1", "BYPASS")]
    [InlineData(",\"cache_bypass\":[\"$arg_b\",\"$http_x_pass\"]", "X-Pass", "0", "HIT")]
    [InlineData("", "Cache-Control", "no-store", "HIT")]
    [InlineData(",\"cache_control\":true", "Cache-Control", "no-cache", "BYPASS")]
    [InlineData(",\"cache_control\":true", "Cache-Control", "max-age=3", "STALE")]
    [InlineData(",\"cache_control\":true", "Cache-Control", "max-age=4", "HIT")]
    [InlineData(",\"cache_control\":true", "Cache-Control", "min-fresh=57", "STALE")]
    [InlineData(",\"cache_control\":true", "Cache-Control", "min-fresh=56, only-if-cached", "HIT")]
    public async Task Request_MayAskForSomethingElse(string config, string name, string value, string status)
    {
        await using PluginGateway gateway = await StartAsync(config);
        _fields = "Cache-Control: max-age=60\r\n";
        await gateway.GetAsync(1);
        _time.Advance(TimeSpan.FromSeconds(4));
        PluginAnswer answer = await gateway.GetAsync(1, "/", (name, value));
        answer.Fields["Apisix-Cache-Status"].ShouldBe([status]);
        gateway.Requests.ShouldBe(status == "HIT" ? 1 : 2);
        (await gateway.GetAsync(1)).Body.ShouldBe(status == "STALE" ? "body 2" : "body 1");
    }

    [Fact]
    public async Task StaleAnswer_IsGivenToWhoTakesIt_UnlessItMustBeRevalidated()
    {
        await using PluginGateway gateway = await StartAsync(",\"cache_control\":true");
        _fields = "Cache-Control: max-age=60\r\n";
        await gateway.GetAsync(1);
        _time.Advance(TimeSpan.FromSeconds(70));
        Told(await gateway.GetAsync(1, "/", ("Cache-Control", "max-stale=10"))).ShouldBe("STALE 200 body 1");
        Told(await gateway.GetAsync(1, "/", ("Cache-Control", "max-stale=9, only-if-cached"))).ShouldStartWith("EXPIRED 504");
        _fields = "Cache-Control: max-age=60, must-revalidate\r\n";
        (await GetAsync(gateway, 1)).ShouldBe("EXPIRED 200 body 2");
        _time.Advance(TimeSpan.FromSeconds(70));
        Told(await gateway.GetAsync(1, "/", ("Cache-Control", "max-stale"))).ShouldBe("EXPIRED 200 body 3");
        Told(await gateway.GetAsync(1, "/none", ("Cache-Control", "only-if-cached"))).ShouldStartWith("MISS 504");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Vary_KeepsAnswersApart(int version)
    {
        await using PluginGateway gateway = await StartAsync("");
        _fields = "Vary: X-Lang, Accept\r\n";
        Told(await gateway.GetAsync(version, "/", ("X-Lang", "de"))).ShouldBe("MISS 200 body 1");
        Told(await gateway.GetAsync(version, "/", ("X-Lang", "d"))).ShouldBe("MISS 200 body 2");
        Told(await gateway.GetAsync(version, "/")).ShouldBe("MISS 200 body 3");
        Told(await gateway.GetAsync(version, "/", ("X-Lang", "de"))).ShouldBe("HIT 200 body 1");
        Told(await gateway.GetAsync(version, "/", ("X-Lang", "d"))).ShouldBe("HIT 200 body 2");
        Told(await gateway.GetAsync(version, "/", ("X-Lang", "d"), ("Accept", "a"))).ShouldBe("MISS 200 body 4");
        Told(await gateway.GetAsync(version, "/")).ShouldBe("HIT 200 body 3");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Conditions_AreAnsweredFromTheCache(int version)
    {
        await using PluginGateway gateway = await StartAsync("");
        _fields = "ETag: W/\"a,b\"\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: a/b\r\nX-A: 1\r\n";
        Told(await gateway.GetAsync(version, "/", ("If-None-Match", "\"a,b\""))).ShouldBe("MISS 200 body 1", "the node is asked for all of it");
        _seen.ShouldNotContain("If-None-Match", Case.Insensitive);
        foreach ((string name, string value, bool met) in new[]
        {
            ("If-None-Match", "\"x\", \"a,b\"", true), ("If-None-Match", "*", true), ("If-None-Match", "\"b\"", false),
            ("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT", true), ("If-Modified-Since", "Sun, 06 Nov 1994 08:49:36 GMT", false), ("If-Modified-Since", "x", false),
        })
        {
            PluginAnswer answer = await gateway.GetAsync(version, "/", (name, value));
            Told(answer).ShouldBe(met ? "HIT 304 " : "HIT 200 body 1", $"{name}: {value}");
            (answer.Fields["ETag"].Single(), answer.Fields["X-A"].Single(), answer.Fields["Content-Type"].Any()).ShouldBe(("W/\"a,b\"", "1", !met));
        }

        gateway.Requests.ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task OldAnswer_IsRevalidated(int version)
    {
        await using PluginGateway gateway = await StartAsync("");
        _fields = "ETag: \"a\"\r\nContent-Type: a/b\r\nX-A: old\r\nX-B: 1\r\nX-B: 2\r\n";
        await gateway.GetAsync(version);
        _time.Advance(TimeSpan.FromSeconds(301));
        (_status, _fields) = ("304 Not Modified", "ETag: \"a\"\r\nX-A: new\r\n");
        PluginAnswer answer = await gateway.GetAsync(version);
        _seen.ShouldContain("If-None-Match: \"a\"\r\n");
        Told(answer).ShouldBe("REVALIDATED 200 body 1");
        (answer.Fields["X-A"].Single(), answer.Fields["Content-Type"].Single(), answer.Fields["ETag"].Single()).ShouldBe(("new", "a/b", "\"a\""));
        answer.Fields["X-B"].ShouldBe(["1", "2"]);
        _time.Advance(TimeSpan.FromSeconds(100));
        answer = await gateway.GetAsync(version);
        Told(answer).ShouldBe("HIT 200 body 1");
        (answer.Fields["X-A"].Single(), answer.Fields["Age"].Single()).ShouldBe(("new", "100"));

        _time.Advance(TimeSpan.FromSeconds(201));
        Told(await gateway.GetAsync(version, "/", ("If-None-Match", "\"a\""))).ShouldBe("REVALIDATED 304 ");
        _time.Advance(TimeSpan.FromSeconds(301));
        (_status, _fields) = ("200 OK", "ETag: \"b\"\r\n");
        (await GetAsync(gateway, version)).ShouldBe("EXPIRED 200 body 4");
        (await GetAsync(gateway, version)).ShouldBe("HIT 200 body 4");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Purge_TakesOut(int version)
    {
        await using PluginGateway gateway = await StartAsync("");
        await gateway.GetAsync(version, "/a");
        await gateway.GetAsync(version, "/b");
        (await PurgeAsync(gateway, version, "/a")).ShouldBe(200);
        (await PurgeAsync(gateway, version, "/a")).ShouldBe(404);
        (await GetAsync(gateway, version, "/a")).ShouldBe("MISS 200 body 3");
        (await GetAsync(gateway, version, "/b")).ShouldBe("HIT 200 body 2");

        // What changes it takes it out too.
        PluginAnswer put = await gateway.SendAsync(version, new HttpRequestMessage(HttpMethod.Put, $"http://127.0.0.1:{gateway.Gateway.Port}/b"));
        Told(put).ShouldBe("MISS 200 body 4");
        (await GetAsync(gateway, version, "/b")).ShouldBe("MISS 200 body 5");
    }

    [Fact]
    public async Task Consumers_ShareNothing_AndAuthorizationIsForItsOwnerAlone()
    {
        await using PluginGateway gateway = await StartAsync("");
        foreach (string name in new[] { "jack", "jane" })
            gateway.Gateway.Put(ResourceKind.Consumer, name, $$$$"""{"username":"{{{{name}}}}","plugins":{"key-auth":{"key":"{{{{name}}}}"}}}""");
        gateway.Put($$$"""{"key-auth":{},"proxy-cache":{{{{Memory}}}}}""");
        Told(await gateway.GetAsync(1, "/", ("apikey", "jack"))).ShouldBe("MISS 200 body 1");
        Told(await gateway.GetAsync(1, "/", ("apikey", "jane"))).ShouldBe("MISS 200 body 2");
        Told(await gateway.GetAsync(1, "/", ("apikey", "jack"))).ShouldBe("HIT 200 body 1");
        gateway.Put($$$"""{"key-auth":{},"proxy-cache":{{{{Memory}}},"consumer_isolation":false}}""");
        Told(await gateway.GetAsync(1, "/", ("apikey", "jack"))).ShouldBe("MISS 200 body 3");
        Told(await gateway.GetAsync(1, "/", ("apikey", "jane"))).ShouldBe("HIT 200 body 3");

        Told(await gateway.GetAsync(1, "/x", ("apikey", "jack"), ("Authorization", "me"))).ShouldBe("MISS 200 body 4");
        Told(await gateway.GetAsync(1, "/x", ("apikey", "jack"), ("Authorization", "me"))).ShouldBe("MISS 200 body 5");
        _fields = "Cache-Control: public\r\n";
        Told(await gateway.GetAsync(1, "/x", ("apikey", "jack"), ("Authorization", "me"))).ShouldBe("MISS 200 body 6");
        Told(await gateway.GetAsync(1, "/x", ("apikey", "jack"), ("Authorization", "you"))).ShouldBe("HIT 200 body 6");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task OtherPlugins_SeeWhatIsGivenAsTheNodesAnswer(int version)
    {
        await using PluginGateway gateway = await StartAsync(",\"hide_cache_headers\":true",
            ""","response-rewrite":{"headers":{"set":{"X-Status":"$status"}},"filters":[{"regex":"body","replace":"text"}]},"cors":{}""");
        _fields = "Cache-Control: max-age=60\r\nExpires: Fri, 31 Dec 9999 23:59:59 GMT\r\nETag: \"a\"\r\n";
        foreach (string status in new[] { "MISS", "HIT" })
        {
            PluginAnswer answer = await gateway.GetAsync(version);
            Told(answer).ShouldBe($"{status} 200 text 1");
            (answer.Fields["X-Status"].Single(), answer.Fields["Access-Control-Allow-Origin"].Single()).ShouldBe(("200", "*"));
            (answer.Fields["Cache-Control"].Any(), answer.Fields["Expires"].Any()).ShouldBe((false, false));
        }
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task LargeBody_ComesWhole_AndNoneIsKeptThatBreaksOff(int version, bool chunked)
    {
        byte[] body = NodeBodies.Make(3 << 20);
        int answers = 0;
        await using PluginGateway gateway = await StartAsync("", respond: async (peer, _) =>
        {
            if (Interlocked.Increment(ref answers) == 1)
            {
                await peer.SendAsync(chunked ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello" : "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
                throw new IOException("the node breaks off");
            }

            await NodeBodies.SendAsync(peer, body, chunked, "");
        });
        await Should.ThrowAsync<HttpRequestException>(() => gateway.ReadAsync(version, HttpMethod.Get));
        for (int i = 0; i < 3; i++)
        {
            BodyAnswer answer = await gateway.ReadAsync(version, HttpMethod.Get);
            (answer.Status, answer.Field("Apisix-Cache-Status")).ShouldBe((200, i == 0 ? "MISS" : "HIT"));
            answer.Body.ShouldBe(body);
        }
    }

    [Theory]
    [InlineData("{}", "cache_strategy: disk, which is the default, is not there: answers are kept in memory only; allowed: memory")]
    [InlineData("""{"cache_strategy":"disk"}""", "allowed: memory")]
    [InlineData("""{"cache_strategy":"memory"}""", "invalid or empty cache_zone for cache_strategy: memory")]
    [InlineData("""{"cache_strategy":"memory","cache_zone":"z"}""", "cache_zone z not found; allowed: memory_cache")]
    [InlineData("{" + Memory + ",\"cache_key\":[\"$request_method\"]}", "cache_key variable $request_method unsupported")]
    [InlineData("{" + Memory + ",\"cache_key\":[\"$remote_user\"]}", "cache_key: no request has the variable $remote_user here")]
    [InlineData("{" + Memory + ",\"cache_key\":[\"$a-b\"]}", "is neither a variable")]
    [InlineData("{" + Memory + ",\"cache_key\":[]}", "expect array to have at least 1 items")]
    [InlineData("{" + Memory + ",\"no_cache\":[\"$upstream_http_x\"]}", "no_cache: no request has the variable $upstream_http_x here")]
    [InlineData("{" + Memory + ",\"cache_method\":[\"PUT\"]}", "matches none of the enum values")]
    [InlineData("{" + Memory + ",\"cache_http_status\":[100]}", "expected 100 to be at least 200")]
    [InlineData("{" + Memory + ",\"cache_ttl\":0}", "expected 0 to be at least 1")]
    [InlineData("{" + Memory + ",\"ttl\":1}", "additional properties forbidden, found ttl")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("proxy-cache", config, text);

    private static string Told(PluginAnswer answer) => $"{answer.Fields["Apisix-Cache-Status"].Single()} {answer.Status} {answer.Body}";

    private static async Task<string> GetAsync(PluginGateway gateway, int version, string path = "/") => Told(await gateway.GetAsync(version, path));

    private static async Task<int> PurgeAsync(PluginGateway gateway, int version, string path) =>
        (await gateway.SendAsync(version, new HttpRequestMessage(new HttpMethod("PURGE"), $"http://127.0.0.1:{gateway.Gateway.Port}{path}"))).Status;

    private Task<PluginGateway> StartAsync(string config, string more = "", Func<ScriptedPeer, string, Task>? respond = null) =>
        PluginGateway.StartAsync($$$"""{"proxy-cache":{{{{Memory}}}{{{config}}}}{{{more}}}}""", time: _time, respond: respond ?? AnswerAsync);

    private Task AnswerAsync(ScriptedPeer peer, string head)
    {
        _seen = head;
        string body = string.Create(CultureInfo.InvariantCulture, $"body {Interlocked.Increment(ref _answers)}");
        bool sendsBody = !head.StartsWith("HEAD ", StringComparison.Ordinal) && !_status.StartsWith("304", StringComparison.Ordinal);
        return peer.SendAsync($"HTTP/1.1 {_status}\r\n{_fields}{(sendsBody ? $"Content-Length: {body.Length}\r\n\r\n{body}" : "\r\n")}");
    }
}
