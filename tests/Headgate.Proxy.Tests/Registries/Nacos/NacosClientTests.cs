using Headgate.Core.Config;
using Headgate.Core.Discovery;
using Headgate.Testing;
using Headgate.Testing.Registries;
using Headgate.Testing.Registries.Nacos;

namespace Headgate.Proxy.Tests.Registries.Nacos;

public sealed class NacosClientTests : IAsyncLifetime
{
    private readonly NacosServer _server = new();
    private readonly ManualTimeProvider _time = new();

    public async ValueTask InitializeAsync() => await _server.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData(",'prefix':'/nacos/v2/'")]
    [InlineData(",'prefix':'nacos/v2'")]
    [InlineData(",'prefix':'/nacos/v3/'")]
    public async Task Follow_NamespacesAndGroups_AreKeptApart(string more)
    {
        _server.Put("orders", "10.0.0.1", 80);
        _server.Put(new NacosNode("public", "blue", "orders", "10.0.0.2", 80));
        _server.Put(new NacosNode("test_ns", "DEFAULT_GROUP", "orders", "10.0.0.3", 80));
        _server.Put(new NacosNode("test_ns", "blue & co", "orders/a", "10.0.0.4", 80) { Ephemeral = false });
        await using IRegistryClient client = Client(more);

        (await ShownAsync(client, "orders", DiscoveryArguments.None)).ShouldBe("10.0.0.1:80*1");
        (await ShownAsync(client, "orders", new() { GroupName = "blue" })).ShouldBe("10.0.0.2:80*1");
        (await ShownAsync(client, "orders", new() { NamespaceId = "test_ns" })).ShouldBe("10.0.0.3:80*1");
        (await ShownAsync(client, "orders/a", new() { NamespaceId = "test_ns", GroupName = "blue & co" })).ShouldBe("10.0.0.4:80*1");
        (await ShownAsync(client, "nobody", DiscoveryArguments.None)).ShouldBe("");
    }

    [Fact]
    public async Task V3_ForClients_TellsOfAllAndHasNoListOfServices()
    {
        _server.Put("orders", "10.0.0.1", 80);
        _server.Put(new NacosNode("public", "DEFAULT_GROUP", "orders", "10.0.0.2", 80) { Healthy = false });
        await using IRegistryClient client = Client(",'prefix':'/registry/','api_version':'v3'");
        (await ServiceFollower.FailureAsync(client, RegistryUnderTest.Service("nacos", "orders"))).Message.ShouldEndWith("answers 404 to /registry/client/ns/instance/list");

        await using IRegistryClient right = Client(",'prefix':'/nacos/v3/'");
        (await ShownAsync(right, "orders")).ShouldBe("10.0.0.1:80*1");
        await right.TestAsync(CancellationToken.None);
        (await Should.ThrowAsync<RegistryException>(() => right.ListServicesAsync(5, CancellationToken.None))).Message.ShouldBe("Nacos' API of version 3 has no list of services for clients");
        _server.Says = """{"code":0,"message":"success","data":{}}""";
        (await ServiceFollower.FailureAsync(right, RegistryUnderTest.Service("nacos", "orders"))).Message.ShouldEndWith("without data, a list");
    }

    [Fact]
    public async Task Follow_UnhealthyOrDisabled_AreLeftOutWhoeverSaysSo()
    {
        _server.Put("orders", "10.0.0.1", 80);
        _server.Put(new NacosNode("public", "DEFAULT_GROUP", "orders", "10.0.0.2", 80) { Healthy = false });
        _server.Put(new NacosNode("public", "DEFAULT_GROUP", "orders", "10.0.0.3", 80) { Enabled = false });
        await using IRegistryClient client = Client();
        (await ShownAsync(client, "orders")).ShouldBe("10.0.0.1:80*1");

        _server.Says = """{"hosts":[{"ip":"10.0.0.1","port":80,"healthy":true,"enabled":true},{"ip":"10.0.0.2","port":80,"healthy":false},{"ip":"10.0.0.3","port":80,"enabled":false}]}""";
        (await ShownAsync(client, "orders")).ShouldBe("10.0.0.1:80*100");
        _server.Says = """{"hosts":[{"ip":"10.0.0.2","port":"x","healthy":false}]}""";
        (await ShownAsync(client, "orders")).ShouldBe("");
    }

    [Fact]
    public async Task Follow_Weights_KeepTheirRatio()
    {
        _server.Put(new NacosNode("public", "DEFAULT_GROUP", "whole", "10.0.0.1", 80) { Weight = 10 });
        _server.Put(new NacosNode("public", "DEFAULT_GROUP", "whole", "10.0.0.2", 80) { Weight = 0 });
        _server.Put(new NacosNode("public", "DEFAULT_GROUP", "parts", "10.0.0.1", 80) { Weight = 0.5 });
        _server.Put(new NacosNode("public", "DEFAULT_GROUP", "parts", "10.0.0.2", 80) { Weight = 3 });
        _server.Put(new NacosNode("public", "DEFAULT_GROUP", "parts", "10.0.0.3", 80) { Weight = 0.01 });
        await using IRegistryClient client = Client();

        (await ShownAsync(client, "whole")).ShouldBe("10.0.0.1:80*10 10.0.0.2:80*0");
        (await ShownAsync(client, "parts")).ShouldBe("10.0.0.1:80*50 10.0.0.2:80*300 10.0.0.3:80*1");
    }

    [Fact]
    public async Task Follow_Metadata_FiltersAndStays()
    {
        _server.Put(new NacosNode("public", "DEFAULT_GROUP", "orders", "10.0.0.1", 80) { Metadata = """{"zone":"b","version":"1","gRPC_port":"9090"}""" });
        _server.Put(new NacosNode("public", "DEFAULT_GROUP", "orders", "10.0.0.2", 80) { Metadata = """{"version":"1","n":5}""" });
        await using IRegistryClient client = Client();

        ServiceAnswer all = await ServiceFollower.FirstAsync(client, RegistryUnderTest.Service("nacos", "orders"));
        all.Instances[0].Metadata.ShouldBe([new("gRPC_port", "9090"), new("version", "1"), new("zone", "b")]);
        (await ShownAsync(client, "orders", RegistryUnderTest.Metadata(("version", "1")))).ShouldBe("10.0.0.1:80*1 10.0.0.2:80*1");
        (await ShownAsync(client, "orders", RegistryUnderTest.Metadata(("version", "1"), ("zone", "b")))).ShouldBe("10.0.0.1:80*1");
        (await ShownAsync(client, "orders", RegistryUnderTest.Metadata(("n", "5")))).ShouldBe("10.0.0.2:80*1");
        (await ShownAsync(client, "orders", RegistryUnderTest.Metadata(("version", "2")))).ShouldBe("");
        (await ShownAsync(client, "orders", new() { PrefersGrpcPort = true })).ShouldBe("10.0.0.1:9090*1 10.0.0.2:80*1");
    }

    [Fact]
    public async Task Follow_Changes_AreSeenAtTheInterval()
    {
        _server.Put("orders", "10.0.0.1", 80);
        await using IRegistryClient client = Client(",'fetch_interval':7");
        await using var orders = new ServiceFollower(client, RegistryUnderTest.Service("nacos", "orders"));
        await orders.ShowsAsync("10.0.0.1:80*1");
        await AdvanceAsync(orders, TimeSpan.FromSeconds(7)); // the first wait is shorter, by chance

        _server.Put("orders", "10.0.0.2", 80);
        int asked = _server.Asked.Count;
        await Eventually.HoldsAsync(() => _time.ActiveTimers == 1, "waiting");
        _time.Advance(TimeSpan.FromSeconds(6.9));
        _server.Asked.Count.ShouldBe(asked);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        await orders.ShowsAsync("10.0.0.1:80*1 10.0.0.2:80*1");

        _server.Clear();
        await AdvanceAsync(orders, TimeSpan.FromSeconds(7));
        await orders.ShowsAsync("");
        orders.Failure.ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData(",'prefix':'/nacos/v2/'")]
    public async Task ListServices_MoreThanAPage_AllInOrder(string more)
    {
        for (int i = 0; i < 700; i++)
            _server.Put($"s{i:000}", "10.0.0.1", 80);
        _server.Put(new NacosNode("public", "blue", "other", "10.0.0.2", 80));
        await using IRegistryClient client = Client(more);

        (await client.ListServicesAsync(1000, CancellationToken.None)).ShouldBe(Enumerable.Range(0, 700).Select(i => $"s{i:000}"));
        (await client.ListServicesAsync(2, CancellationToken.None)).ShouldBe(["s000", "s001"]);
        await client.TestAsync(CancellationToken.None);
        _server.Fails = 500;
        await Should.ThrowAsync<RegistryException>(() => client.TestAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(404, """{"code":20004,"message":"resource not found","data":null}""", "")]
    [InlineData(200, """{"code":21008,"message":"service not exist","data":null}""", "")]
    [InlineData(400, """{"code":20002,"message":"parameter validate error","data":"x"}""", "answers 400 to /nacos/v2/ns/instance/list, code 20002")]
    [InlineData(200, """{"code":30000,"message":"server error","data":null}""", "answers 200 to /nacos/v2/ns/instance/list, code 30000")]
    [InlineData(200, """{"hosts":[]}""", "answers 200 to /nacos/v2/ns/instance/list without code, a number: is there an API of version 2 or 3?")]
    [InlineData(200, """{"code":0}""", "answers to /nacos/v2/ns/instance/list without data")]
    [InlineData(404, "<html>", "answers 404 to /nacos/v2/ns/instance/list")]
    [InlineData(200, "<html>", "answers to /nacos/v2/ns/instance/list with what is no JSON")]
    public async Task Follow_CodesOfV2_TellNoServiceFromFailure(int status, string body, string outcome)
    {
        (_server.Fails, _server.Says) = (status, body);
        await using IRegistryClient client = Client(",'prefix':'/nacos/v2/'");
        if (outcome.Length == 0)
            (await ShownAsync(client, "orders")).ShouldBe("");
        else
            (await ServiceFollower.FailureAsync(client, RegistryUnderTest.Service("nacos", "orders"))).Message.ShouldContain(outcome);
    }

    private static async Task<string> ShownAsync(IRegistryClient client, string service, DiscoveryArguments? arguments = null) =>
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, RegistryUnderTest.Service("nacos", service, arguments)));

    private IRegistryClient Client(string more = "") => RegistryUnderTest.Client("nacos", $"{{'host':['{_server.Url}']{more}}}", _time);

    private async Task AdvanceAsync(ServiceFollower service, TimeSpan by)
    {
        int answers = service.Answers.Count;
        await Eventually.HoldsAsync(() => _time.ActiveTimers == 1, "waiting");
        _time.Advance(by);
        await Eventually.HoldsAsync(() => service.Answers.Count > answers, "another answer");
    }
}
