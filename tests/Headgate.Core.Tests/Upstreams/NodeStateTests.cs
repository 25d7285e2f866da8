using System.Net;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Upstreams;

public class NodeStateTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1:80")]
    [InlineData("[::1]", "[::1]:80")]
    [InlineData("[2001:db8::5]", "[2001:db8::5]:80")]
    public void Constructor_HostThatIsAnAddress_HasItsEndpoint(string host, string endpoint)
    {
        var node = new NodeState(new NodeKey("upstreams/1", host, 80));

        node.HasLiteralHost.ShouldBeTrue();
        node.Endpoints.Single().Address.ToString().ShouldBe(endpoint);
        node.NextEndpoint().ShouldBeSameAs(node.Endpoints[0]);
    }

    [Theory]
    [InlineData("a.test")]
    [InlineData("127.1")]
    [InlineData("1")]
    [InlineData("010.0.0.1")]
    [InlineData("0x7f000001")]
    [InlineData("256.0.0.1")]
    [InlineData("[10.0.0.1]")]
    [InlineData("[fe80::1%1]")]
    [InlineData("::1")]
    public void Constructor_HostThatIsNoPlainAddress_WaitsForItsResolution(string host)
    {
        var node = new NodeState(new NodeKey("upstreams/1", host, 80));

        node.HasLiteralHost.ShouldBeFalse();
        node.Endpoints.ShouldBeEmpty();
        node.NextEndpoint().ShouldBeNull();
    }

    [Fact]
    public void SetAddresses_SomeStay_KeepTheirEndpoints()
    {
        NodeState node = Named("10.0.0.1", "10.0.0.2");
        EndpointState[] before = [.. node.Endpoints];

        Set(node, "10.0.0.2", "10.0.0.3", "10.0.0.2");

        node.Endpoints.Select(endpoint => endpoint.Address.ToString()).ShouldBe(["10.0.0.2:80", "10.0.0.3:80"]);
        node.Endpoints[0].ShouldBeSameAs(before[1]);
    }

    [Fact]
    public void SetAddresses_SameAddresses_ChangesNothing()
    {
        NodeState node = Named("10.0.0.1", "10.0.0.2");
        IReadOnlyList<EndpointState> before = node.Endpoints;

        Set(node, "10.0.0.1", "10.0.0.2");

        node.Endpoints.ShouldBeSameAs(before);
    }

    [Fact]
    public void SetAddresses_AddressComesBackWithinTenMinutes_KeepsItsEndpoint()
    {
        NodeState node = Named("10.0.0.1", "10.0.0.2");
        EndpointState second = node.Endpoints[1];

        Set(node, "10.0.0.1");
        _time.Advance(TimeSpan.FromMinutes(9));
        Set(node, "10.0.0.1", "10.0.0.2");
        node.Endpoints[1].ShouldBeSameAs(second);

        Set(node, "10.0.0.1");
        _time.Advance(NodeDirectory.RememberedFor);
        Set(node, "10.0.0.1", "10.0.0.2");
        node.Endpoints[1].ShouldNotBeSameAs(second);
    }

    [Fact]
    public void NextEndpoint_SeveralAddresses_TakesTurnsAndAllocatesNothing()
    {
        NodeState node = Named("10.0.0.1", "10.0.0.2", "10.0.0.3");
        var counts = new Dictionary<EndpointState, int>();
        for (int i = 0; i < 30; i++)
            counts[node.NextEndpoint()!] = counts.GetValueOrDefault(node.NextEndpoint()!) + 1;

        Allocation.Of(() =>
        {
            for (int i = 0; i < 1000; i++)
                node.NextEndpoint();
        }).ShouldBe(0);
        counts.Count.ShouldBe(3);
    }

    [Fact]
    public void InFlight_AddressesChange_TriesAtThoseOfBeforeAreCounted()
    {
        NodeState node = Named("10.0.0.1", "10.0.0.2");
        node.BeginTry();
        node.BeginTry();
        node.SetAddresses([IPAddress.Parse("10.0.0.3")], TimeProvider.System);
        node.BeginTry();
        node.EndTry();

        node.InFlight.ShouldBe(2);
    }

    private NodeState Named(params string[] addresses)
    {
        var node = new NodeState(new NodeKey("upstreams/1", "a.test", 80));
        Set(node, addresses);
        return node;
    }

    private void Set(NodeState node, params string[] addresses) => node.SetAddresses(Array.ConvertAll(addresses, IPAddress.Parse), _time);
}
