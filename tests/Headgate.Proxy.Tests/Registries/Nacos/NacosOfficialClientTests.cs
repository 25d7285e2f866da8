using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Discovery;
using Headgate.Testing;
using Headgate.Testing.Registries;
using Headgate.Testing.Registries.Nacos;

namespace Headgate.Proxy.Tests.Registries.Nacos;

/// <summary>The server of these tests is filled and read by <c>nacos-naming</c>, Nacos' own client for Node: both sides of the protocol are not ours alone.</summary>
public sealed class NacosOfficialClientTests : IAsyncLifetime
{
    private readonly NacosServer _server = new();

    public async ValueTask InitializeAsync() => await _server.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Register_ByTheOfficialClient_IsWhatOurClientFinds()
    {
        await RunAsync("{}", """
            [["register","orders",{"ip":"10.0.0.1","port":8080,"metadata":{"zone":"b"}}],
             ["register","orders",{"ip":"10.0.0.2","port":8081,"weight":0.5,"ephemeral":false}],
             ["register","orders",{"ip":"10.0.0.3","port":8082,"enabled":false}],
             ["register","orders",{"ip":"10.0.0.4","port":8083,"healthy":false}],
             ["register","orders",{"ip":"10.0.0.5","port":8084},"blue"]]
            """);
        _server.Nodes.Count(node => node.Ephemeral).ShouldBe(4);
        await using IRegistryClient client = Client("");

        (await ShownAsync(client)).ShouldBe("10.0.0.1:8080*100 10.0.0.2:8081*50");
        (await ShownAsync(client, new() { GroupName = "blue" })).ShouldBe("10.0.0.5:8084*1");
        (await ShownAsync(client, RegistryUnderTest.Metadata(("zone", "b")))).ShouldBe("10.0.0.1:8080*1");

        string[] read = await RunAsync("{}", """[["deregister","orders",{"ip":"10.0.0.1","port":8080}],["read","orders","DEFAULT_GROUP"],["read","orders","blue"],["status"]]""");
        read.ShouldBe(["10.0.0.2:8081*0.5 10.0.0.4:8083*1", "10.0.0.5:8084*1", "UP"]);
        (await ShownAsync(client)).ShouldBe("10.0.0.2:8081*50");
        (await client.ListServicesAsync(9, CancellationToken.None)).ShouldBe(["orders"]);
    }

    [Fact]
    public async Task Register_WithUserAndKey_TheServerAsksBothClientsTheSame()
    {
        _server.Guard.User = "nacos:s3cret";
        _server.Guard.Key = ("LTAI", "k3y");
        await RunAsync("""{"namespace":"test_ns","username":"nacos","password":"s3cret","ak":"LTAI","sk":"k3y"}""", """[["register","orders",{"ip":"10.0.0.1","port":8080},"blue"]]""");
        await using IRegistryClient client = Client(",'auth':{'username':'nacos','password':'s3cret'},'access_key':'LTAI','secret_key':'k3y'");
        (await ShownAsync(client, new() { NamespaceId = "test_ns", GroupName = "blue" })).ShouldBe("10.0.0.1:8080*1");
        (await ShownAsync(client, new() { GroupName = "blue" })).ShouldBe("");
    }

    private static async Task<string> ShownAsync(IRegistryClient client, DiscoveryArguments? arguments = null) =>
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, RegistryUnderTest.Service("nacos", "orders", arguments)));

    private IRegistryClient Client(string more) => RegistryUnderTest.Client("nacos", $"{{'host':['{_server.Url}']{more}}}");

    private async Task<string[]> RunAsync(string options, string steps) =>
        JsonSerializer.Deserialize<string[]>(await NpmProgram.RunAsync("Registries/Nacos/Client", "client.mjs", _server.Authority, options, steps))!;
}
