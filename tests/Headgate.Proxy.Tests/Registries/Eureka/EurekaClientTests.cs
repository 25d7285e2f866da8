using Headgate.Core.Config;
using Headgate.Core.Discovery;
using Headgate.Testing;
using Headgate.Testing.Registries;
using Headgate.Testing.Registries.Eureka;

namespace Headgate.Proxy.Tests.Registries.Eureka;

public sealed class EurekaClientTests : IAsyncLifetime
{
    private static readonly ServiceKey Orders = RegistryUnderTest.Service("eureka", "ORDERS");

    private readonly EurekaServer _server = new();
    private readonly ManualTimeProvider _time = new();

    public async ValueTask InitializeAsync() => await _server.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Follow_InstancesThatAreUp_BecomeNodes(bool bare)
    {
        _server.WritesBare = bare;
        _server.Put("orders", "10.0.0.1", 8080);
        _server.Put("users", "10.1.0.1", 1, more: """ "metadata":{"weight":"7","zone":"b"} """);
        _server.Put("users", "10.1.0.2", 1, "DOWN");
        _server.Put("users", "10.1.0.3", 1, "STARTING", """ "overriddenStatus":"UP" """);
        _server.Put("users", "10.1.0.4", 1, more: """ "overriddenstatus":"OUT_OF_SERVICE","overriddenStatus":null """);
        _server.Put("users", "10.1.0.5", 1, more: """ "securePort":{"$":8443,"@enabled":"true"} """);
        _server.Put("users", "10.1.0.6", 1, more: """ "port":{"$":"81","@enabled":true},"metadata":{"weight":5} """);
        await using IRegistryClient client = Client();

        (await ShownAsync(client, "orders")).ShouldBe("10.0.0.1:8080*100");
        (await ShownAsync(client, "ORDERS")).ShouldBe("10.0.0.1:8080*100");
        (await ShownAsync(client, "nobody")).ShouldBe("");
        ServiceAnswer users = await ServiceFollower.FirstAsync(client, RegistryUnderTest.Service("eureka", "USERS"));
        ServiceFollower.Show(users).ShouldBe("10.1.0.1:1*7 10.1.0.3:1*100 10.1.0.5:8443*100 10.1.0.6:81*5");
        users.Instances[0].Metadata.ShouldBe([new("zone", "b")]);
        users.Instances[1].Metadata.ShouldBeEmpty();
        (await ShownAsync(client, "USERS", RegistryUnderTest.Metadata(("zone", "b")))).ShouldBe("10.1.0.1:1*7");
        (await client.ListServicesAsync(10, CancellationToken.None)).ShouldBe(["ORDERS", "USERS"]);
        (await client.ListServicesAsync(1, CancellationToken.None)).ShouldBe(["ORDERS"]);
        await client.TestAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Follow_Changes_ComeAsDeltasToThoseWhomTheyConcern()
    {
        _server.Put("orders", "10.0.0.1", 80);
        _server.Put("users", "10.1.0.1", 80);
        await using IRegistryClient client = Client();
        await using var orders = new ServiceFollower(client, Orders);
        await using var users = new ServiceFollower(client, RegistryUnderTest.Service("eureka", "users"));
        await orders.ShowsAsync("10.0.0.1:80*100");
        await users.ShowsAsync("10.1.0.1:80*100");
        _server.WholeReads.ShouldBe(1); // one reading for both

        _server.Put("orders", "10.0.0.2", 80);
        await TickAsync();
        await orders.ShowsAsync("10.0.0.1:80*100 10.0.0.2:80*100");
        _server.SetStatus("orders", "10.0.0.1:80", "OUT_OF_SERVICE");
        await TickAsync();
        await orders.ShowsAsync("10.0.0.2:80*100");
        _server.SetStatus("orders", "10.0.0.1:80", "UP");
        _server.Remove("orders", "10.0.0.2:80");
        await TickAsync();
        await orders.ShowsAsync("10.0.0.1:80*100");
        _server.Remove("orders", "10.0.0.1:80");
        await TickAsync();
        await orders.ShowsAsync("");

        (_server.WholeReads, _server.DeltaReads).ShouldBe((1, 4));
        users.Shown.ShouldBe("10.1.0.1:80*100");
    }

    [Fact]
    public async Task Follow_LostDelta_TheHashCodeShowsItAndAllIsRead()
    {
        _server.Put("orders", "10.0.0.1", 80);
        await using IRegistryClient client = Client();
        await using var orders = new ServiceFollower(client, Orders);
        await orders.ShowsAsync("10.0.0.1:80*100");
        _server.LosesChanges = true;
        _server.Put("orders", "10.0.0.2", 80);
        await TickAsync();

        await orders.ShowsAsync("10.0.0.1:80*100 10.0.0.2:80*100");
        (_server.WholeReads, _server.DeltaReads).ShouldBe((2, 1));
        await TickAsync();
        (_server.WholeReads, _server.DeltaReads).ShouldBe((2, 2));
    }

    [Fact]
    public async Task Follow_LostDeltaThatTheHashCodeDoesNotShow_IsSeenWhenAllIsReadNowAndThen()
    {
        _server.Put("orders", "10.0.0.1", 80);
        await using IRegistryClient client = Client();
        await using var orders = new ServiceFollower(client, Orders);
        await orders.ShowsAsync("10.0.0.1:80*100");
        _server.LosesChanges = true;
        _server.Remove("orders", "10.0.0.1:80");
        _server.Put("orders", "10.0.0.2", 80);
        for (int i = 0; i < 20 && _server.WholeReads == 1; i++)
        {
            orders.Shown.ShouldBe("10.0.0.1:80*100");
            await TickAsync();
        }

        await orders.ShowsAsync("10.0.0.2:80*100");
        _server.DeltaReads.ShouldBeInRange(5, 10); // five minutes, and what the clock ran on while questions were under way
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "of another making")]
    public async Task Follow_ServerWithoutDeltasToTrust_AllIsReadEveryTime(bool hasNoDelta, string? hashCode)
    {
        (_server.HasNoDelta, _server.OtherHashCode) = (hasNoDelta, hashCode);
        _server.Put("orders", "10.0.0.1", 80);
        await using IRegistryClient client = Client();
        await client.TestAsync(CancellationToken.None);
        await using var orders = new ServiceFollower(client, Orders);
        await orders.ShowsAsync("10.0.0.1:80*100");
        _server.Put("orders", "10.0.0.2", 80);
        await TickAsync();
        await orders.ShowsAsync("10.0.0.1:80*100 10.0.0.2:80*100");
        _server.Remove("orders", "10.0.0.1:80");
        await TickAsync();
        await orders.ShowsAsync("10.0.0.2:80*100");
    }

    [Fact]
    public async Task Follow_LongInterval_NoDeltaIsTrustedAfterIt()
    {
        _server.Put("orders", "10.0.0.1", 80);
        await using IRegistryClient client = Client(",'fetch_interval':200");
        await using var orders = new ServiceFollower(client, Orders);
        await orders.ShowsAsync("10.0.0.1:80*100");
        await TickAsync();
        _server.WholeReads.ShouldBe(2);
        _server.DeltaReads.ShouldBe(0);
    }

    [Fact]
    public async Task Follow_NobodyAnyMore_AsksNoMore()
    {
        _server.Put("orders", "10.0.0.1", 80);
        await using IRegistryClient client = Client();
        await using (var orders = new ServiceFollower(client, Orders))
            await orders.ShowsAsync("10.0.0.1:80*100");
        await Eventually.HoldsAsync(() => _time.ActiveTimers == 0, "the reading has ended");
        await using (var again = new ServiceFollower(client, Orders))
            await again.ShowsAsync("10.0.0.1:80*100");
        _server.WholeReads.ShouldBe(2);
    }

    private static async Task<string> ShownAsync(IRegistryClient client, string service, DiscoveryArguments? arguments = null) =>
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, RegistryUnderTest.Service("eureka", service, arguments)));

    private IRegistryClient Client(string more = "") => RegistryUnderTest.Client("eureka", $"{{'host':['{_server.Url}'],'prefix':'/eureka/','timeout':{{'read':3600000}}{more}}}", _time);

    // The clock runs until the next question; a question under way has an hour.
    private async Task TickAsync()
    {
        int asked = _server.Asked.Count;
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return _server.Asked.Count > asked;
            },
            "the next question");
    }
}
