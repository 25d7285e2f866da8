using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Headgate.Core.Snapshot;
using Headgate.Store;
using Headgate.Store.Protection;
using Headgate.Store.Standalone;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Control.Tests.AdminApi.Standalone;

public sealed class StandaloneConfigsTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-standalone-");
    private readonly SnapshotHolder _served = new();
    private StandaloneStore? _store;
    private AdminServer? _server;

    private StandaloneStore Store => _store!;

    private AdminClient Client => _server!.Client;

    public async ValueTask InitializeAsync()
    {
        _store = new StandaloneStore(_folder.FullName, new KeyRing([RandomNumberGenerator.GetBytes(KeyRing.KeyBytes)]), NullLogger<StandaloneStore>.Instance);
        _server = await AdminServer.StartAsync(new ReadOnlyStore(_store, StandaloneStore.WritesRefused), AdminServer.Options with { Standalone = _store, Served = _served });
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        await Store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Get_NothingGivenYet_IsVersionsOfZero()
    {
        AdminAnswer answer = (await Client.Get("configs")).ShouldBe(200);

        answer.Members.Length.ShouldBe(13);
        answer.Json.EnumerateObject().ShouldAllBe(member => member.Name.EndsWith("_conf_version") && member.Value.GetInt64() == 0);
        answer.Header("X-Digest").ShouldBeNull();
        answer.Header("X-Last-Modified").ShouldBeNull();
        (await Client.Send("HEAD", "configs")).ShouldBe(200).Header("X-Digest").ShouldBeNull();
    }

    /// <summary>As ADC's backend <c>apisix-standalone</c>: look at the marks, give everything with version numbers, look again.</summary>
    [Fact]
    public async Task Put_WhatAdcGives_IsAcceptedAndComesBackAsItWas()
    {
        const string Body = """
            {"services":[{"modifiedIndex":1,"id":"s1","name":"httpbin","upstream_id":"s1","plugins":{},"labels":{"managed-by":"adc"}}],"services_conf_version":1700000000001,
             "upstreams":[{"modifiedIndex":1,"id":"s1","name":"httpbin","type":"roundrobin","scheme":"http","pass_host":"pass","nodes":[{"host":"127.0.0.1","port":80,"weight":1,"priority":0}]}],"upstreams_conf_version":1700000000001,
             "routes":[{"modifiedIndex":1,"id":"r1","name":"any","uris":["/*"],"methods":["GET"],"service_id":"s1","priority":5,"status":1}],"routes_conf_version":1700000000001,
             "consumers":[{"modifiedIndex":1,"username":"alice","plugins":{}},{"modifiedIndex":1,"id":"alice/credentials/k1","name":"k1","plugins":{"key-auth":{"key":"abc"}}}],"consumers_conf_version":1700000000001,
             "ssls":[],"global_rules":[],"plugin_metadata":[],"stream_routes":[],"ssls_conf_version":0,"global_rules_conf_version":0,"plugin_metadata_conf_version":0,"stream_routes_conf_version":0}
            """;
        (await Client.Send("HEAD", "")).ShouldBe(200).Header("Server").ShouldStartWith("APISIX/3.");

        AdminAnswer given = (await Client.Send("PUT", "configs", Body, ("X-Digest", "first"))).ShouldBe(202);

        given.Body.ShouldBeEmpty();
        given.Header("X-Digest").ShouldBe("first");
        string modified = given.Header("X-Last-Modified")!;
        long.Parse(modified, null).ShouldBe(_server!.Clock.GetUtcNow().ToUnixTimeSeconds());
        (await Client.Send("HEAD", "configs")).ShouldBe(200).Header("X-Last-Modified").ShouldBe(modified);
        AdminAnswer got = (await Client.Get("configs")).ShouldBe(200);
        JsonElement.DeepEquals(got.Json.GetProperty("consumers"), JsonElement.Parse(Body).GetProperty("consumers")).ShouldBeTrue(got.Body);
        got.Json.GetProperty("routes_conf_version").GetInt64().ShouldBe(1700000000001);
        got.Json.GetProperty("protos_conf_version").GetInt64().ShouldBe(1);
        got.Json.TryGetProperty("ssls", out _).ShouldBeFalse("an empty list is none");
        got.Json.GetProperty("X-Digest").GetString().ShouldBe("first");
        (await Store.GetAsync("/", TestContext.Current.CancellationToken)).Entries.Select(entry => entry.Key)
            .ShouldBe(["/apisix/consumers/alice", "/apisix/consumers/alice/credentials/k1", "/apisix/routes/r1", "/apisix/services/s1", "/apisix/upstreams/s1"]);
        (await Client.Get("routes/r1")).ShouldBe(200).Value.TryGetProperty("modifiedIndex", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Put_SameDigest_ChangesNothing()
    {
        await GiveAsync("d1", """{"routes":[{"id":"1","uri":"/a","plugins":{}}]}""");

        (await Client.Send("PUT", "configs", "{}", ("X-Digest", "d1"))).ShouldBe(204).Body.ShouldBeEmpty();

        (await Client.Get("routes")).Keys.ShouldBe(["/apisix/routes/1"]);
        await GiveAsync("d2", "{}");
        (await Client.Get("routes")).Keys.ShouldBeEmpty();
    }

    [Fact]
    public async Task Put_Versions_SayWhichListsAreTaken()
    {
        await GiveAsync("d1", """{"routes_conf_version":5,"routes":[{"id":"1","uri":"/a","plugins":{}}],"upstreams_conf_version":5,"upstreams":[{"id":"1","nodes":{"a:80":1}}]}""");

        (await Client.Send("PUT", "configs", """{"routes_conf_version":4}""", ("X-Digest", "d2"))).ShouldBe(400).ErrorMessage.ShouldBe("routes_conf_version must be greater than or equal to (5)");
        await GiveAsync("d2", """{"routes_conf_version":5,"routes":[],"upstreams_conf_version":6,"upstreams":[{"id":"2","nodes":{"a:80":1}}]}""");

        (await Client.Get("routes")).Keys.ShouldBe(["/apisix/routes/1"], "the version is the same: the list is not looked at");
        (await Client.Get("upstreams")).Keys.ShouldBe(["/apisix/upstreams/2"]);
        await GiveAsync("d3", """{"upstreams_conf_version":6}""");
        (await Client.Get("routes")).Keys.ShouldBeEmpty();
        (await Client.Get("upstreams")).Keys.ShouldBe(["/apisix/upstreams/2"]);
        (await Client.Get("configs")).Json.GetProperty("routes_conf_version").GetInt64().ShouldBe(6);
    }

    [Theory]
    [InlineData("", "missing digest header")]
    [InlineData("a\tb", "X-Digest may hold visible ASCII only")]
    public async Task Put_WithoutADigest_IsRefused(string digest, string message) =>
        (await Client.Send("PUT", "configs", "{}", ("X-Digest", digest))).ShouldBe(400).ErrorMessage.ShouldBe(message);

    [Theory]
    [InlineData("", "invalid request body: empty request body")]
    [InlineData("[]", "invalid request body: expected an object such as {\"upstreams\":[...],\"routes\":[...]}")]
    [InlineData("{", "invalid request body: not JSON at line 1")]
    [InlineData("""{"routes_conf_version":"5"}""", "routes_conf_version must be a number")]
    [InlineData("""{"routes_conf_version":5.5}""", "routes_conf_version must be a whole number")]
    [InlineData("""{"routes":[{"id":"1","uri":"/a","plugins":{}},{"id":"1","uri":"/b","plugins":{}}]}""", "found duplicate id 1 in routes")]
    [InlineData("""{"routes":[{"id":"1","uri":"/a","plugins":{"nope":{}}}]}""", "unknown plugin [nope]")]
    [InlineData("""{"routes":[{"id":"1","uri":"/a","plugins":{},"modifiedIndex":"x"}]}""", "invalid configuration: additional properties forbidden, found modifiedIndex")]
    [InlineData("""{"consumers":[{"username":"a"},{"username":"a"}]}""", "found duplicate username a in consumers")]
    [InlineData("""{"stream_routes":[{"id":"1"}]}""", "stream_routes are not available in Headgate 0.1.0 yet")]
    public async Task Put_WhatIsNoGood_IsRefusedWhole(string body, string message)
    {
        await GiveAsync("d1", """{"routes":[{"id":"old","uri":"/a","plugins":{}}]}""");

        (await Client.Send("PUT", "configs", body, ("X-Digest", "d2"))).ShouldBe(400).ErrorMessage.ShouldStartWith(message);

        (await Client.Get("routes")).Keys.ShouldBe(["/apisix/routes/old"]);
        (await Client.Get("configs")).Header("X-Digest").ShouldBe("d1");
    }

    [Fact]
    public async Task Put_ReferencesToNothing_AreAccepted_AsInApisix() => await GiveAsync("d1", """{"routes":[{"id":"1","uri":"/a","upstream_id":"none"}]}""");

    [Fact]
    public async Task Put_TooLarge_IsRefused() =>
        (await Client.Send("PUT", "configs", new string(' ', 1_572_865), ("X-Digest", "d"))).ShouldBe(400).ErrorMessage!.ShouldContain("is greater than the maximum size 1572864 allowed");

    [Fact]
    public async Task Yaml_IsTakenAndGiven()
    {
        const string Yaml = "routes:\n- id: 1\n  uri: /a\n  plugins: {}\nupstreams: [{id: u, nodes: {\"a:80\": 1}}]\n";

        (await PutYamlAsync("configs", Yaml, "d1")).ShouldBe(202);
        (await PutYamlAsync("configs", "routes: [", "d2")).ShouldBe(400).ErrorMessage.ShouldStartWith("invalid request body: line 2: not valid YAML");

        AdminAnswer got = (await Client.Send("GET", "configs", null, ("Accept", "application/yaml"))).ShouldBe(200);
        got.Message.Content.Headers.ContentType!.MediaType.ShouldBe("application/yaml");
        got.Body.ShouldContain("routes:\n- id: 1\n  uri: /a\n  plugins: {}\n");
        (await PutYamlAsync("configs", got.Body, "d3")).ShouldBe(202);
        using var validate = new HttpRequestMessage(HttpMethod.Post, "/apisix/admin/configs/validate") { Content = new StringContent(Yaml, Encoding.UTF8, "application/yaml") };
        (await SendAsync(validate)).ShouldBe(200);
    }

    [Fact]
    public async Task Wait_IsAnsweredWhenItIsServed()
    {
        Task<AdminAnswer> waiting = Client.Send("PUT", "configs?wait=60000", """{"routes":[{"id":"1","uri":"/a","plugins":{}}]}""", ("X-Digest", "d1"));
        await Eventually.HoldsAsync(() => Store.Revision == 1, "it is stored");
        waiting.IsCompleted.ShouldBeFalse();

        using var compiled = new ServedConfig();
        _served.Publish(compiled.Snapshot);

        (await waiting).ShouldBe(200).Header("X-Digest").ShouldBe("d1");
        foreach (string wrong in (string[])["-1", "x", "60001", "1.5"])
            (await Client.Send("PUT", "configs?wait=" + wrong, "{}", ("X-Digest", "d9"))).ShouldBe(400).ErrorMessage.ShouldBe("wait must be a whole number of milliseconds from 0 to 60000");
    }

    [Fact]
    public async Task Validate_LooksAtReferencesToo_AndSaysEverything()
    {
        AdminAnswer answer = (await Client.Post("configs/validate", """{"routes":[{"id":"1","uri":"/a","upstream_id":"none","modifiedIndex":1},{"id":"2","uri":1}]}""")).ShouldBe(400);

        answer.ErrorMessage.ShouldBe("Configuration validation failed");
        answer.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("index").GetInt32()).Distinct().ShouldBe([0, 1]);
        (await Client.Post("configs/validate", """{"service_registries":[]}""")).ShouldBe(400).Body.ShouldContain("Unsupported resource type: service_registries");
    }

    [Theory]
    [InlineData("PUT", "routes/1")]
    [InlineData("POST", "routes")]
    [InlineData("PATCH", "routes/1")]
    [InlineData("DELETE", "routes/1")]
    [InlineData("DELETE", "consumers/jack/credentials/1")]
    public async Task ObjectByObject_NothingIsWritten(string method, string path) =>
        (await Client.Send(method, path, """{"uri":"/a","plugins":{}}""")).ShouldBe(405).ErrorMessage.ShouldBe(StandaloneStore.WritesRefused);

    [Fact]
    public async Task Viewer_ReadsOnly_AndSeesNoSecret()
    {
        await GiveAsync("d1", """{"secrets":[{"id":"vault/1","uri":"http://a","prefix":"kv","token":"very secret"}]}""");
        using var viewer = new AdminClient(_server!.Address, AdminServer.ViewerKey);

        (await viewer.Get("configs")).ShouldBe(200).Json.GetProperty("secrets")[0].GetProperty("token").GetString().ShouldBe("<redacted>");
        (await Client.Get("configs")).ShouldBe(200).Json.GetProperty("secrets")[0].GetProperty("token").GetString().ShouldBe("very secret");
        (await viewer.Send("PUT", "configs", "{}", ("X-Digest", "d"))).Status.ShouldBeOneOf(401, 403);
        (await Client.Send("PATCH", "configs", "{}")).ShouldBe(405);
    }

    [Fact]
    public async Task AnotherStore_HasNoConfigs()
    {
        await using AdminServer server = await AdminServer.StartAsync(new InMemoryStore());

        (await server.Client.Get("configs")).ShouldBe(404).ErrorMessage.ShouldBe("Unsupported resource type: configs");
        (await server.Client.Post("configs/validate", """{"routes":[{"id":"1","uri":"/a","plugins":{},"modifiedIndex":1}]}""")).ShouldBe(400);
    }

    private async Task GiveAsync(string digest, string body) => (await Client.Send("PUT", "configs", body, ("X-Digest", digest))).ShouldBe(202);

    private async Task<AdminAnswer> PutYamlAsync(string path, string yaml, string digest)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/apisix/admin/" + path) { Content = new StringContent(yaml, Encoding.UTF8, "application/yaml") };
        request.Headers.Add("X-Digest", digest);
        return await SendAsync(request);
    }

    private async Task<AdminAnswer> SendAsync(HttpRequestMessage request)
    {
        using var http = new HttpClient { BaseAddress = _server!.Address };
        http.DefaultRequestHeaders.Add("X-API-KEY", AdminServer.AdminKey);
        HttpResponseMessage answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return new AdminAnswer((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), answer);
    }
}
