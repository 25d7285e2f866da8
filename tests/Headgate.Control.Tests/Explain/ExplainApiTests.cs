using System.Text.Json;
using Headgate.Control.Explain;
using Headgate.Control.Tests.AdminApi;
using Headgate.Core.Config;
using Headgate.Core.Snapshot.Explain;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Control.Tests.Explain;

/// <summary>The question and the answer of <c>/api/explain</c>.</summary>
public sealed class ExplainApiTests : IAsyncLifetime, IRequestExplainer, IRecentDecisions
{
    private static readonly DateTimeOffset At = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);
    private readonly ServedConfig _served = new(
        ("upstreams/1", """{"nodes":[{"host":"127.0.0.1","port":1980,"weight":2},{"host":"127.0.0.1","port":1981,"weight":1}],"checks":{"active":{}},"type":"least_conn"}"""),
        ("upstreams/2", """{"nodes":[{"host":"127.0.0.1","port":1980,"weight":1},{"host":"127.0.0.1","port":1981,"weight":1}],"type":"chash","key":"remote_addr"}"""),
        ("routes/1", """{"name":"first","uri":"/a","host":"a.test","upstream_id":"1"}"""),
        ("routes/2", """{"uri":"/b","upstream_id":"2"}"""));

    private readonly PlayedInstance _instance;
    private ApiServer? _server;
    private InventedRequest? _asked;

    public ExplainApiTests() => _instance = new PlayedInstance(explainer: this, recent: this);

    private AdminClient Client => _server!.Client;

    public async ValueTask InitializeAsync() => _server = await ApiServer.StartAsync(static endpoints => endpoints.MapExplainApi(), AdminServer.Options with { Instance = _instance.Instance });

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _instance.Dispose();
        _served.Dispose();
    }

    public RequestExplanation Explain(InventedRequest request)
    {
        _asked = request;
        return _served.Snapshot.Explain(new TestRequest(request.Host, request.Target), nowMs: 0);
    }

    int IRecentDecisions.Capacity => 7;

    int IRecentDecisions.Sample => 5;

    IReadOnlyList<RecentDecision> IRecentDecisions.Latest(int count, Func<string?, string?, bool>? passes)
    {
        if (passes?.Invoke("1", "upstreams/1") == false)
            return [];
        var decision = new RecentDecision
        {
            At = At,
            DurationMs = 12,
            Method = "GET",
            Host = "a.test",
            Path = "/a",
            RouteId = "1",
            Upstream = "upstreams/1",
            Type = "p2c",
            CandidatesCount = 2,
            Status = 200,
            TriesCount = 2,
            Tries = [new RecentTry("127.0.0.1:1980", "refused", 0) { Score = 0.5, Drawn = ("127.0.0.1:1981", "127.0.0.1:1980"), Hash = 7 }, new RecentTry("127.0.0.1:1981", "answered", 200)],
            Excluded = [("127.0.0.1:1982", NodeExclusions.Unhealthy | NodeExclusions.Draining)],
        };
        return [.. Enumerable.Repeat(decision, Math.Min(count, 2))];
    }

    [Fact]
    public async Task Recent_IsShapedAsDocumented()
    {
        (await Client.Get("/api/explain/recent?limit=1")).ShouldBe(200).Body.ShouldBe("""
            {"kept_max":7,"sample":5,"total":1,"requests":[{"at":"2026-05-04T03:02:01Z","duration_ms":12,"method":"GET","host":"a.test","path":"/a","route":"1","upstream":"upstreams/1","type":"p2c","candidates_count":2,"uses_unusable":false,"status":200,"tries_count":2,"tries":[{"node":"127.0.0.1:1980","score":0.5,"drawn":["127.0.0.1:1981","127.0.0.1:1980"],"hash":7,"outcome":"refused","status":0},{"node":"127.0.0.1:1981","outcome":"answered","status":200}],"excluded":[{"node":"127.0.0.1:1982","why":["unhealthy","draining"]}],"workspace_id":"default"}]}

            """);
        (await Client.Get("/api/explain/recent")).ShouldBe(200).Json.GetProperty("total").GetInt32().ShouldBe(2);
        foreach (string limit in (string[])["0", "10001", "-1", "x", ""])
            (await Client.Get("/api/explain/recent?limit=" + limit)).ShouldBe(400).ErrorMessage.ShouldBe("limit must be a whole number from 1 to 10000");
        using var nobody = new AdminClient(_server!.Address, null);
        (await nobody.Get("/api/explain/recent")).ShouldBe(401);
    }

    [Fact]
    public async Task Recent_NoneAreKept_SaysSo()
    {
        using var keepsNone = new PlayedInstance(explainer: this);
        await using ApiServer off = await ApiServer.StartAsync(static endpoints => endpoints.MapExplainApi(), AdminServer.Options with { Instance = keepsNone.Instance });
        (await off.Client.Get("/api/explain/recent")).ShouldBe(200).Body.ShouldBe("{\"kept_max\":0,\"sample\":0,\"total\":0,\"requests\":[]}\n");
    }

    [Theory]
    [InlineData("?route=1", 2)]
    [InlineData("?route=2", 0)]
    [InlineData("?upstream=upstreams/1", 2)]
    [InlineData("?upstream=upstreams/2,upstreams/1&route=1", 2)]
    [InlineData("?upstream=upstreams/2", 0)]
    [InlineData("?upstream=upstreams/1&route=2", 0)]
    public async Task Recent_OfARouteOrAnUpstream_LeavesOutTheOthers(string query, int count) =>
        (await Client.Get("/api/explain/recent" + query)).ShouldBe(200).Json.GetProperty("total").GetInt32().ShouldBe(count);

    [Fact]
    public async Task Recent_UpstreamThatIsNone_IsRefused() =>
        (await Client.Get("/api/explain/recent?upstream=1")).ShouldBe(400).ErrorMessage.ShouldBe("invalid argument upstream 1; allowed: upstreams/ID, services/ID, routes/ID, several with commas between");

    [Fact]
    public async Task Explain_Forwarded_IsShapedAsDocumented()
    {
        NodeState down = _served.Upstreams.Find("upstreams/1")!.Nodes[0].State;
        down.Health.Report(HealthEvent.Timeout, new HealthThresholds(1, 1, 1, 1));
        down.Timeline.Add(new NodeChange(At, NodeChangeKind.Unhealthy, "probe", "no answer in time"));

        (await Client.Post("/api/explain", """{"host":"a.test","path":"/a"}""")).ShouldBe(200).Body.ShouldBe("""
            {"revision":1,"outcome":"forwarded","status":null,"reason":null,"route":{"id":"1","name":"first","hosts":["a.test"],"uris":["/a"],"priority":0,"workspace_id":"default"},"upstream":{"key":"upstreams/1","type":"least_conn","random":false,"uses_unusable":false,"tries_max":2,"picks":["127.0.0.1:1981","127.0.0.1:1981"],"hash":null,"limits":{},"candidates":[{"node":"127.0.0.1:1980","standing":"left_out","weight":2,"priority":0,"in_flight":0,"score":0.5,"forced_up":false,"exclusions":[{"why":"unhealthy","since":{"at":"2026-05-04T03:02:01Z","kind":"unhealthy","source":"probe","reason":"no answer in time"}}]},{"node":"127.0.0.1:1981","standing":"in_use","weight":1,"priority":0,"in_flight":0,"score":1,"forced_up":false,"exclusions":[]}]}}

            """);
    }

    [Fact]
    public async Task Explain_Refused_SaysByWhatAndWhy()
    {
        (await Client.Post("/api/explain", """{"host":"a.test","path":"/no"}""")).ShouldBe(200).Body
            .ShouldBe("{\"revision\":1,\"outcome\":\"refused\",\"status\":404,\"reason\":\"no route matches\",\"route\":null,\"upstream\":null}\n");
    }

    [Fact]
    public async Task Explain_HashingPolicy_ShowsKeyAndPosition()
    {
        JsonElement hash = (await Client.Post("/api/explain", """{"host":"a.test","path":"/b"}""")).ShouldBe(200).Json.GetProperty("upstream").GetProperty("hash");

        hash.GetProperty("key").GetString().ShouldBe("192.0.2.1");
        hash.GetProperty("positions").GetInt32().ShouldBe(320);
        hash.GetProperty("node").GetString()!.ShouldStartWith("127.0.0.1:198");
    }

    [Fact]
    public async Task Explain_AllMembers_ReachTheExplainer()
    {
        await Client.Post("/api/explain", """{"method":"PUT","scheme":"https","host":"a.test:8443","path":"/a?b=c","headers":{"X-A":"1","X-B":["2","3"]},"client_ip":"2001:db8::1","upstream":"upstreams/2"}""");

        (_asked!.Method, _asked.Scheme, _asked.Host, _asked.Target, _asked.ClientAddress).ShouldBe(("PUT", "https", "a.test:8443", "/a?b=c", TestRequest.Bits("2001:db8::1")));
        _asked.Upstream.ShouldBe("upstreams/2");
        _asked.Headers.ShouldBe([("X-A", "1"), ("X-B", "2"), ("X-B", "3")]);
        await Client.Post("/api/explain", """{"host":"a.test","path":"/"}""");
        (_asked!.Method, _asked.Scheme, _asked.Headers.Count, _asked.ClientAddress, _asked.Upstream).ShouldBe(("GET", "http", 0, TestRequest.Bits("127.0.0.1"), null));
    }

    [Theory]
    [InlineData(null, "the body must be an object with path and host, such as {\"host\":\"a.test\",\"path\":\"/a?x=1\"}")]
    [InlineData("[]", "the body must be an object with path and host, such as {\"host\":\"a.test\",\"path\":\"/a?x=1\"}")]
    [InlineData("""{"host":"a","path":"/","scheme":"ftp"}""", "scheme \"ftp\" must be http or https")]
    [InlineData("""{"host":"a","path":"/","client_ip":"10.0.0"}""", "client_ip \"10.0.0\" is no IP address")]
    [InlineData("""{"host":"a","path":1}""", "path must be a text, not Number")]
    [InlineData("""{"host":"a","path":"/","headers":{"a":[1]}}""", "header a must be a text or a list of texts")]
    [InlineData("""{"host":"a","path":"/","headers":{"HOST":"b"}}""", "the Host field is the member host of the request")]
    [InlineData("""{"host":"a","path":"/","headers":[]}""", "headers must be an object of texts or lists of texts, such as {\"x-user\":\"7\"}")]
    [InlineData("{", null)]
    public async Task Explain_QuestionThatIsNone_SaysWhatIsWrong(string? body, string? text)
    {
        AdminAnswer answer = (await Client.Post("/api/explain", body)).ShouldBe(400);

        if (text is not null)
            answer.ErrorMessage.ShouldBe(text);
        _asked.ShouldBeNull();
    }

    [Fact]
    public async Task Explain_SeveralProblems_AreAllNamed()
    {
        AdminAnswer answer = (await Client.Post("/api/explain", """{"uri":"/","headers":{"a":1}}""")).ShouldBe(400);

        answer.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("message").GetString()).ShouldBe([
            "uri is not known; known are method, scheme, host, path, headers, client_ip, upstream", "path is missing: a text", "host is missing: a text", "header a must be a text or a list of texts"]);
    }

    [Fact]
    public async Task Explain_WithoutAnAdminsKey_IsNotAnswered()
    {
        using var nobody = new AdminClient(_server!.Address, null);
        using var viewer = new AdminClient(_server.Address, AdminServer.ViewerKey);

        (await nobody.Post("/api/explain", """{"host":"a.test","path":"/"}""")).ShouldBe(401);
        (await viewer.Post("/api/explain", """{"host":"a.test","path":"/"}""")).ShouldBe(401);
        (await Client.Get("/api/explain")).ShouldBe(405);
        _asked.ShouldBeNull();
    }
}
