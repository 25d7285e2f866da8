using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Proxy.Registries.Consul;
using Headgate.Testing.Registries;
using Headgate.Testing.Registries.Consul;

namespace Headgate.Proxy.Tests.Registries.Consul;

/// <summary>What comes out of Consul's catalog, and that a change is heard at once.</summary>
public sealed class ConsulFollowTests
{
    private static readonly ConsulService One = new("web", "web-1") { Address = "10.0.0.1", Port = 8080 };

    [Fact]
    public async Task Follow_InstancesComeAndGo_EachHeard()
    {
        await using ConsulTestServer server = await ConsulTestServer.StartAsync();
        await using ConsulRegistryClient client = ConsulClients.Of(server);
        await using var web = new ServiceFollower(client, ConsulClients.Key("web"));
        await web.ShowsAsync("");

        server.State.Register(One);
        await web.ShowsAsync("10.0.0.1:8080*1");
        server.State.Register(new ConsulService("web", "web-2") { Address = "10.0.0.2", Port = 8080, PassingWeight = 7 });
        await web.ShowsAsync("10.0.0.1:8080*1 10.0.0.2:8080*7");
        server.State.Register(One with { PassingWeight = 3 });
        await web.ShowsAsync("10.0.0.1:8080*3 10.0.0.2:8080*7");
        server.State.Deregister("web-1");
        await web.ShowsAsync("10.0.0.2:8080*7");
        server.State.Deregister("web-2");
        await web.ShowsAsync("");
        server.Seen.ShouldAllBe(static question => question.StartsWith("GET /v1/health/service/web?passing=1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Follow_ChecksFail_OnlyPassingInstancesCount()
    {
        await using ConsulTestServer server = await ConsulTestServer.StartAsync();
        server.State.AddNode("other", "10.0.0.9");
        server.State.Register(One, "critical");
        server.State.Register(new ConsulService("web", "web-2") { Node = "other", Port = 81 });
        await using ConsulRegistryClient client = ConsulClients.Of(server);
        await using var web = new ServiceFollower(client, ConsulClients.Key("web"));
        await web.ShowsAsync("10.0.0.9:81*1");
        server.State.TrySetStatus("service:web-1", "passing").ShouldBeTrue();
        await web.ShowsAsync("10.0.0.1:8080*1 10.0.0.9:81*1");
        server.State.TrySetStatus("service:web-1", "warning").ShouldBeTrue();
        await web.ShowsAsync("10.0.0.9:81*1");
        server.State.SetCheck("serfHealth", "critical", node: "other");
        await web.ShowsAsync("");
    }

    [Fact]
    public async Task Follow_NoAddressNoPortAndMetadata_NodeAddressStandardPortAndMetadataOfInstance()
    {
        await using ConsulTestServer server = await ConsulTestServer.StartAsync();
        server.State.AddNode("six", "FD00::1");
        server.State.Register(new ConsulService("web", "web-1") { Node = "six", Meta = new Dictionary<string, string> { ["zone"] = "b", ["lane"] = "gray" } });
        await using ConsulRegistryClient client = ConsulClients.Of(server);
        ServiceInstance instance = (await ServiceFollower.FirstAsync(client, ConsulClients.Key("web"))).Instances.ShouldHaveSingleItem();
        (instance.Host, instance.Port).ShouldBe(("[fd00::1]", null));
        instance.Metadata.ShouldBe([new MetadataEntry("lane", "gray"), new MetadataEntry("zone", "b")]);
    }

    [Fact]
    public async Task Follow_Arguments_NarrowInstances()
    {
        await using ConsulTestServer server = await ConsulTestServer.StartAsync();
        var far = new ConsulState();
        server.Datacenters["dc 2"] = far;
        far.Register(One with { Address = "10.2.0.1" });
        server.State.Register(One with { Tags = ["v1", "blue"] });
        server.State.Register(One with { Id = "web-2", Address = "10.0.0.2", Tags = ["v2", "blue"], Meta = new Dictionary<string, string> { ["lane"] = "gray" } });
        await using ConsulRegistryClient client = ConsulClients.Of(server);

        (await TextAsync(new() { Tags = ["blue"] })).ShouldBe("10.0.0.1:8080*1 10.0.0.2:8080*1");
        (await TextAsync(new() { Tags = ["blue", "v2"] })).ShouldBe("10.0.0.2:8080*1");
        (await TextAsync(new() { Metadata = [new MetadataEntry("lane", "gray")] })).ShouldBe("10.0.0.2:8080*1");
        (await TextAsync(new() { Metadata = [new MetadataEntry("lane", "red")] })).ShouldBe("");
        (await TextAsync(new() { Datacenter = "dc 2" })).ShouldBe("10.2.0.1:8080*1");

        await using ConsulRegistryClient farther = ConsulClients.Of(ConsulClients.Access(server) with { Datacenter = "dc 2" });
        ServiceFollower.Show(await ServiceFollower.FirstAsync(farther, ConsulClients.Key("web"))).ShouldBe("10.2.0.1:8080*1");

        async Task<string> TextAsync(DiscoveryArguments arguments) => ServiceFollower.Show(await ServiceFollower.FirstAsync(client, ConsulClients.Key("web", arguments)));
    }

    [Fact]
    public async Task Follow_Settings_WeightMultipliesDefaultStandsInSkippedIsUnknown()
    {
        await using ConsulTestServer server = await ConsulTestServer.StartAsync();
        server.State.Register(One with { PassingWeight = 3 });
        server.State.Register(new ConsulService("secret", "secret-1") { Address = "10.0.0.3", Port = 80 });
        ConsulAccess access = ConsulClients.Access(server) with { Weight = 10, DefaultInstance = new ConsulDefaultInstance("127.0.0.1", 20999) };
        await using var client = new ConsulRegistryClient(new ConsulConfig(access) { SkippedServices = ["secret"] }, ConsulClients.Services);

        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, ConsulClients.Key("web"))).ShouldBe("10.0.0.1:8080*30");
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, ConsulClients.Key("nobody"))).ShouldBe("127.0.0.1:20999*10");
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, ConsulClients.Key("secret"))).ShouldBe("127.0.0.1:20999*10");
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, ConsulClients.Key("consul"))).ShouldBe("127.0.0.1:20999*10");
        (await client.ListServicesAsync(10, TestContext.Current.CancellationToken)).ShouldBe(["web"]);
    }

    [Fact]
    public async Task Follow_WithoutKeepalive_AskedAtIntervals()
    {
        await using ConsulTestServer server = await ConsulTestServer.StartAsync();
        await using ConsulRegistryClient client = ConsulClients.Of(ConsulClients.Access(server) with { WaitsForChanges = false, FetchInterval = TimeSpan.FromMilliseconds(50) });
        await using var web = new ServiceFollower(client, ConsulClients.Key("web"));
        await web.ShowsAsync("");
        server.State.Register(One);
        await web.ShowsAsync("10.0.0.1:8080*1");
        server.Seen.ShouldAllBe(static question => !question.Contains("index", StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_ManyServices_SortedAndBounded()
    {
        await using ConsulTestServer server = await ConsulTestServer.StartAsync();
        foreach (string name in (string[])["b", "c", "a"])
            server.State.Register(new ConsulService(name, name));
        await using ConsulRegistryClient client = ConsulClients.Of(server);
        (await client.ListServicesAsync(10, TestContext.Current.CancellationToken)).ShouldBe(["a", "b", "c"]);
        (await client.ListServicesAsync(2, TestContext.Current.CancellationToken)).ShouldBe(["a", "b"]);
        await client.TestAsync(TestContext.Current.CancellationToken);
    }
}
