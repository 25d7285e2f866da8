using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Proxy.Registries.HttpRegistry;
using Headgate.Testing;
using Headgate.Testing.Registries;

namespace Headgate.Proxy.Tests.Registries.HttpRegistry;

public sealed class HttpRegistryClientTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Follow_EachByItself_AsksAtTheIntervalAndWithItsTag()
    {
        await using AnsweringServer server = await AnsweringServer.StartAsync();
        server.Say("""[{"host":"10.0.0.1","port":80}]""", tag: "\"1\"");
        await using HttpRegistryClient client = Client(server.Url + "/v1/{service}/nodes");
        await using var web = new ServiceFollower(client, Key("team/web"));
        await web.ShowsAsync("10.0.0.1:80*100");
        server.Asked.ShouldBe(["GET /v1/team%2Fweb/nodes"]);

        await NextAsync(web, 2); // 304
        server.Heads.Last()["If-None-Match"].ShouldBe("\"1\"");
        web.Shown.ShouldBe("10.0.0.1:80*100");

        server.Say("""[{"host":"10.0.0.2","port":80,"weight":5}]""", tag: "\"2\"");
        await NextAsync(web, 3);
        web.Shown.ShouldBe("10.0.0.2:80*5");
        server.Say("[]");
        await NextAsync(web, 4);
        web.Shown.ShouldBe("");
        server.Heads.Last()["If-None-Match"].ShouldBe("\"2\"");
        await NextAsync(web, 5);
        server.Heads.Last().ShouldNotContainKey("If-None-Match"); // the latest answer had none
    }

    [Fact]
    public async Task Follow_AllAtOnce_AsksOnceForAll()
    {
        await using AnsweringServer server = await AnsweringServer.StartAsync();
        server.Say("""{"web":[{"host":"10.0.0.1","port":80}],"api":[{"host":"10.0.0.2","port":80}]}""", tag: "\"1\"");
        await using HttpRegistryClient client = Client(server.Url + "/all?x=1");
        await using var web = new ServiceFollower(client, Key("web"));
        await using var api = new ServiceFollower(client, Key("api"));
        await web.ShowsAsync("10.0.0.1:80*100");
        await api.ShowsAsync("10.0.0.2:80*100");
        server.Asked.ShouldBe(["GET /all?x=1"]);

        await NextAsync(web, 2); // 304
        server.Say("""{"web":[{"host":"10.0.0.3","port":80}]}""");
        await NextAsync(web, 3);
        web.Shown.ShouldBe("10.0.0.3:80*100");
        await api.ShowsAsync("");
        (await client.ListServicesAsync(10, CancellationToken.None)).ShouldBe(["web"]);
        await client.TestAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Ask_WithHeadersAndUser_SendsThem()
    {
        await using AnsweringServer server = await AnsweringServer.StartAsync();
        server.Say("{}");
        await using HttpRegistryClient client = Client(server.Url, config => config with { Headers = [new MetadataEntry("X-Team", "a")], User = "u", Password = "p:w" });
        await client.TestAsync(CancellationToken.None);
        Dictionary<string, string> head = server.Heads.Single();
        head["X-Team"].ShouldBe("a");
        head["Accept"].ShouldBe("application/json");
        head["Authorization"].ShouldBe("Basic " + Convert.ToBase64String("u:p:w"u8));
    }

    [Theory]
    [InlineData(500, "x", "{url} answers 500 to /s/web", false)]
    [InlineData(302, "x", "{url} answers 302 to /s/web", false)]
    [InlineData(401, "x", "{url} answers 401 to /s/web", false)]
    [InlineData(404, "x", "{url} answers 404 to /s/web; for a service without nodes it is to answer 200 and []", true)]
    [InlineData(200, "<html>", "{url} answers to /s/web with what is no JSON: ", false)]
    [InlineData(200, "{}", "{url}/s/web: the answer is an object; allowed: a list of nodes", false)]
    [InlineData(200, """[{"ip":"10.0.0.1"}]""", "{url}/s/web: no node can be used: the answer[0].ip is no member of a node; allowed: host, port, weight, priority, metadata", false)]
    public async Task Follow_Fault_FailsAndKeepsNothing(int status, string body, string problem, bool isOfServiceOnly)
    {
        await using AnsweringServer server = await AnsweringServer.StartAsync();
        server.Say("""[{"host":"10.0.0.1","port":80}]""", tag: "\"1\"");
        await using HttpRegistryClient client = Client(server.Url + "/s/{service}?token=secret");
        await using (var web = new ServiceFollower(client, Key("web")))
        {
            await web.ShowsAsync("10.0.0.1:80*100");
            server.Say(body, status);
            await Eventually.HoldsAsync(() => _time.ActiveTimers > 0, "waiting");
            _time.Advance(TimeSpan.FromSeconds(30));
            RegistryException failure = await web.FailsAsync();
            failure.Message.ShouldStartWith(problem.Replace("{url}", server.Url, StringComparison.Ordinal));
            failure.Message.ShouldNotContain("secret");
            failure.IsOfServiceOnly.ShouldBe(isOfServiceOnly);
        }

        server.Say("""[{"host":"10.0.0.1","port":80}]""", tag: "\"1\"");
        await using var again = new ServiceFollower(client, Key("web"));
        await again.ShowsAsync("10.0.0.1:80*100");
        server.Heads.Last().ShouldNotContainKey("If-None-Match");
    }

    [Fact]
    public async Task Follow_HungServer_FailsAfterItsTime()
    {
        await using AnsweringServer server = await AnsweringServer.StartAsync();
        server.Answer = static context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        await using HttpRegistryClient client = Client(server.Url, static config => config with { Timeout = TimeSpan.FromSeconds(5) });
        await using var web = new ServiceFollower(client, Key("web"));
        await Eventually.HoldsAsync(() => !server.Asked.IsEmpty, "the question");
        _time.Advance(TimeSpan.FromSeconds(5));
        (await web.FailsAsync()).Message.ShouldBe($"{server.Url} does not answer in time");
    }

    [Fact]
    public async Task Test_OverTls_TrustsTheAuthorityGivenAlone()
    {
        using var certificates = new TestCertificates();
        using var others = new TestCertificates();
        await using AnsweringServer server = await AnsweringServer.StartAsync(certificates.Issue("127.0.0.1"));
        await using AnsweringServer expired = await AnsweringServer.StartAsync(certificates.IssueExpired("127.0.0.1"));
        server.Say("{}");
        expired.Say("{}");
        string url = server.Url.Replace("localhost", "127.0.0.1", StringComparison.Ordinal);
        await using HttpRegistryClient good = Client(url, config => config with { AuthoritiesPem = certificates.AuthorityPem });
        await good.TestAsync(CancellationToken.None);
        await using HttpRegistryClient open = Client(expired.Url, config => config with { VerifiesTls = false });
        await open.TestAsync(CancellationToken.None);
        await using HttpRegistryClient foreign = Client(url, config => config with { AuthoritiesPem = others.AuthorityPem });
        (await Should.ThrowAsync<RegistryException>(foreign.TestAsync(CancellationToken.None))).Message.ShouldContain("certificate");
        await using HttpRegistryClient late = Client(expired.Url, config => config with { AuthoritiesPem = certificates.AuthorityPem });
        (await Should.ThrowAsync<RegistryException>(late.TestAsync(CancellationToken.None))).Message.ShouldContain("certificate");
    }

    [Fact]
    public async Task Questions_ServiceInTheUrl_HasNoListAndIsTestedByAnyAnswer()
    {
        await using AnsweringServer server = await AnsweringServer.StartAsync();
        await using HttpRegistryClient client = Client(server.Url + "/{service}");
        (await Should.ThrowAsync<RegistryException>(client.ListServicesAsync(10, CancellationToken.None))).Message.ShouldBe("a registry whose url holds {service} has no list of services");
        await client.TestAsync(CancellationToken.None); // 404: it is there
        server.Say("", 403);
        (await Should.ThrowAsync<RegistryException>(client.TestAsync(CancellationToken.None))).Message.ShouldBe($"{server.Url} answers 403 to /");
    }

    private static ServiceKey Key(string service) => new("http", null, service, DiscoveryArguments.None);

    private HttpRegistryClient Client(string url, Func<HttpRegistryConfig, HttpRegistryConfig>? change = null)
    {
        // The clock is moved while questions are under way, too: they must not run out of time by it.
        var config = new HttpRegistryConfig { Url = url, Timeout = TimeSpan.FromDays(20) };
        return new HttpRegistryClient(change?.Invoke(config) ?? config, _time);
    }

    /// <summary>Moves the clock by the interval, again and again: the client may not wait for it yet.</summary>
    private async Task NextAsync(ServiceFollower line, int answers) => await Eventually.HoldsAsync(() =>
    {
        if (line.Answers.Count < answers && _time.ActiveTimers == 1)
            _time.Advance(TimeSpan.FromSeconds(30));
        return line.Answers.Count >= answers;
    }, $"answer {answers}");
}
