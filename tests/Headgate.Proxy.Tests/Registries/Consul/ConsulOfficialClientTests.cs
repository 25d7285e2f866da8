using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Proxy.Registries.Consul;
using Headgate.Proxy.Registries.ConsulKv;
using Headgate.Testing;
using Headgate.Testing.Registries;
using Headgate.Testing.Registries.Consul;

namespace Headgate.Proxy.Tests.Registries.Consul;

/// <summary>The server of the tests, filled and read by the npm package <c>consul</c>: so the server understands the protocol as that does, and our client what comes of it.</summary>
public sealed class ConsulOfficialClientTests : IAsyncLifetime
{
    private const string Folder = "Registries/Consul/Client";
    private ConsulTestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await ConsulTestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Catalog_FilledByOfficialClient_BothReadTheSame()
    {
        _server.Token = "hush";
        await using ConsulRegistryClient client = ConsulClients.Of(ConsulClients.Access(_server) with { Token = "hush" });
        await using var web = new ServiceFollower(client, ConsulClients.Key("web"));
        await web.ShowsAsync("");
        await CallAsync(
            "agent.service.register",
            """{"name": "web", "id": "web-1", "address": "10.0.0.1", "port": 8080, "tags": ["v1"], "meta": {"zone": "a"}, "check": {"ttl": "10s", "status": "passing"}}""",
            "agent.service.register",
            """{"name": "web", "id": "web-2", "port": 8081, "check": {"ttl": "10s"}}""");
        await web.ShowsAsync("10.0.0.1:8080*1");
        web.Answers[^1].Instances[0].Metadata.ShouldBe([new MetadataEntry("zone", "a")]);

        await CallAsync("agent.check.pass", """{"id": "service:web-2"}""");
        await web.ShowsAsync("10.0.0.1:8080*1 127.0.0.1:8081*1");
        await CallAsync("agent.service.maintenance", """{"id": "web-1", "enable": true, "reason": "test"}""");
        await web.ShowsAsync("127.0.0.1:8081*1");
        JsonElement[] read = await CallAsync("health.service", """{"service": "web", "passing": true}""", "catalog.service.list", "{}", "health.state", """{"state": "critical"}""");
        read[0].EnumerateArray().Select(static entry => entry.GetProperty("Service").GetProperty("ID").GetString()).ShouldBe(["web-2"]);
        read[1].EnumerateObject().Select(static service => service.Name).ShouldBe(["consul", "web"]);
        read[2][0].GetProperty("CheckID").GetString().ShouldBe("_service_maintenance:web-1");

        await CallAsync("agent.service.maintenance", """{"id": "web-1", "enable": false}""", "agent.service.deregister", """{"id": "web-2"}""");
        await web.ShowsAsync("10.0.0.1:8080*1");
        (await client.ListServicesAsync(10, TestContext.Current.CancellationToken)).ShouldBe(["web"]);
    }

    [Fact]
    public async Task Watch_ByOfficialClient_HearsWhatOursHears()
    {
        await using ConsulRegistryClient client = ConsulClients.Of(_server);
        await using var web = new ServiceFollower(client, ConsulClients.Key("web"));
        await Eventually.HoldsAsync(() => _server.Waiting == 1, "ours waits");
        Task<string> watched = NpmProgram.RunAsync(Folder, "watch.mjs", _server.Address, "web", "3");
        await Eventually.HoldsAsync(() => _server.Waiting == 2, "both wait");
        _server.State.Register(new ConsulService("web", "web-1") { Address = "10.0.0.1", Port = 80 });
        await web.ShowsAsync("10.0.0.1:80*1");
        await Eventually.HoldsAsync(() => _server.Waiting == 2, "both wait again");
        _server.State.Register(new ConsulService("web", "web-2") { Address = "10.0.0.2", Port = 80 });
        await web.ShowsAsync("10.0.0.1:80*1 10.0.0.2:80*1");
        (await watched).ShouldBe("\n10.0.0.1:80\n10.0.0.1:80 10.0.0.2:80\n");
    }

    [Fact]
    public async Task Keys_FilledByOfficialClient_BothReadTheSame()
    {
        await using var client = new ConsulKvRegistryClient(new ConsulKvConfig(ConsulClients.Access(_server)), ConsulClients.Services);
        await using var web = new ServiceFollower(client, new ServiceKey("consul_kv", null, "webpages", DiscoveryArguments.None));
        await web.ShowsAsync("");
        await CallAsync(
            "kv.set",
            """{"key": "upstreams/webpages/172.19.5.12:8000", "value": "{\"weight\": 1, \"max_fails\": 2, \"fail_timeout\": 1}"}""",
            "kv.set",
            """{"key": "upstreams/webpages/172.19.5.13:8000", "value": "{\"weight\": 120}"}""");
        await web.ShowsAsync("172.19.5.12:8000*1 172.19.5.13:8000*120");
        JsonElement[] read = await CallAsync("kv.get", """{"key": "upstreams/", "recurse": true}""", "kv.keys", """{"key": "upstreams/", "separator": "/"}""");
        read[0].EnumerateArray().Select(static entry => entry.GetProperty("Key").GetString()).ShouldBe(["upstreams/webpages/172.19.5.12:8000", "upstreams/webpages/172.19.5.13:8000"]);
        read[1].EnumerateArray().Select(static key => key.GetString()).ShouldBe(["upstreams/webpages/"]);
        await CallAsync("kv.del", """{"key": "upstreams/webpages/172.19.5.12:8000"}""");
        await web.ShowsAsync("172.19.5.13:8000*120");
        await CallAsync("kv.del", """{"key": "upstreams", "recurse": true}""");
        await web.ShowsAsync("");
    }

    private async Task<JsonElement[]> CallAsync(params string[] calls)
    {
        string output = await NpmProgram.RunAsync(Folder, "call.mjs", [_server.Address, _server.Token ?? "", .. calls]);
        JsonElement[] lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonElement.Parse(line))];
        lines.Where(static line => line.ValueKind == JsonValueKind.Object && line.TryGetProperty("error", out _)).ShouldBeEmpty(output);
        return lines;
    }
}
