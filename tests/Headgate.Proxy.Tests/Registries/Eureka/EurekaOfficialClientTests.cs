using System.Text.Json;
using Headgate.Core.Discovery;
using Headgate.Testing;
using Headgate.Testing.Registries;
using Headgate.Testing.Registries.Eureka;

namespace Headgate.Proxy.Tests.Registries.Eureka;

/// <summary>The server of these tests is filled and read by <c>eureka-js-client</c>, the usual client for Node: both sides of the protocol are not ours alone.</summary>
public sealed class EurekaOfficialClientTests : IAsyncLifetime
{
    private readonly EurekaServer _server = new();

    public async ValueTask InitializeAsync() => await _server.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Register_ByTheOfficialClient_IsWhatOurClientFinds()
    {
        var time = new ManualTimeProvider();
        await using IRegistryClient client = RegistryUnderTest.Client("eureka", $"{{'host':['{_server.Url}/eureka/v2'],'timeout':{{'read':3600000}}}}", time);
        await using var orders = new ServiceFollower(client, RegistryUnderTest.Service("eureka", "orders"));
        await orders.ShowsAsync("");

        string[] read = await RunAsync("""
            [["register","orders","10.0.0.1",8080,{"metadata":{"weight":"7","zone":"b"}}],["read","orders"],
             ["register","orders","10.0.0.2",8080,{"securePort":{"$":8443,"@enabled":"true"}}],["read","orders"],
             ["register","orders","10.0.0.3",8080],["renew","10.0.0.3:8080"],["deregister","10.0.0.3:8080"],["read","orders"]]
            """);

        // The server speaks the protocol as its official client does, deltas included...
        read.ShouldBe(["10.0.0.1:8080", "10.0.0.1:8080 10.0.0.2:8080", "10.0.0.1:8080 10.0.0.2:8080"]);
        // ... and ours finds by a delta what that has registered.
        (int whole, int deltas) = (_server.WholeReads, _server.DeltaReads);
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return orders.Shown == "10.0.0.1:8080*7 10.0.0.2:8443*100";
            },
            "what was registered");
        orders.Latest!.Instances[0].Metadata.ShouldBe([new("zone", "b")]);
        _server.WholeReads.ShouldBe(whole);
        _server.DeltaReads.ShouldBeGreaterThan(deltas);
    }

    private async Task<string[]> RunAsync(string steps)
    {
        string[] address = _server.Authority.Split(':');
        return JsonSerializer.Deserialize<string[]>(await NpmProgram.RunAsync("Registries/Eureka/Client", "client.mjs", address[0], address[1], steps))!;
    }
}
