using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Discovery;
using Headgate.Core.Primitives;
using Headgate.Core.Snapshot;
using Headgate.Core.Tests.Upstreams;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>Upstreams that follow services: which nodes they have, and what an edit or a change of the service keeps.</summary>
public sealed class ServiceNodesTests : IServiceSource, IDisposable
{
    private const string Follows = """{"service_name":"web","discovery_type":"consul"}""";
    private static readonly ServiceKey Web = new("consul", null, "web", DiscoveryArguments.None);
    private readonly NodeDirectory _directory = new(TimeProvider.System, new RecordedNodes());
    private readonly Dictionary<ServiceKey, int> _followers = [];
    private readonly Dictionary<ServiceKey, EquatableArray<ServiceInstance>> _known = [];
    private readonly SnapshotCompiler _compiler;
    private GatewaySnapshot _snapshot = GatewaySnapshot.Empty;

    public ServiceNodesTests() => _compiler = new SnapshotCompiler(_directory, PluginCatalog.Empty, services: this);

    private IReadOnlyList<NodeSnapshot> Nodes => _snapshot.Upstream(0)!.Nodes;

    [Fact]
    public void Service_Known_GivesTheNodes()
    {
        _known[Web] = [new ServiceInstance("10.0.0.1", null, 3, 1) { Metadata = [new MetadataEntry("zone", "a")] }, new ServiceInstance("10.0.0.2", 81, 1)];

        Put(Follows);

        Nodes.Select(static node => node.Config).ShouldBe([new NodeConfig("10.0.0.1", 80, 3, 1) { Metadata = [new MetadataEntry("zone", "a")] }, new NodeConfig("10.0.0.2", 81, 1)]);
        _followers[Web].ShouldBe(1);
    }

    [Fact]
    public void Service_Changes_KeepsTheStateOfThoseThatStay()
    {
        Set(1, 2, 3);
        Put(Follows);
        NodeState kept = Nodes[1].State;

        Set(2, 4);

        Hosts().ShouldBe(["10.0.0.2", "10.0.0.4"]);
        Nodes[0].State.ShouldBeSameAs(kept);
    }

    [Fact]
    public void FixedNodesBesideAService_AreBothUsed_TheWrittenOneCounts()
    {
        Set(1, 2);
        Put("""{"nodes":{"10.0.0.1:80":7,"10.9.0.1:80":1},"service_name":"web","discovery_type":"consul"}""");
        Nodes.Select(static node => (node.Config.Host, node.Config.Weight)).ShouldBe([("10.0.0.1", 7), ("10.9.0.1", 1), ("10.0.0.2", 1)]);

        Set();
        Hosts().ShouldBe(["10.0.0.1", "10.9.0.1"]);
    }

    [Fact]
    public void Edit_FromNodesToAService_KeepsTheNodesUntilTheRegistryAnswers()
    {
        Put("""{"nodes":{"10.9.0.1:80":1}}""");
        NodeState before = Nodes[0].State;

        Put(Follows);
        Nodes.ShouldHaveSingleItem().State.ShouldBeSameAs(before);

        Set(1);
        Hosts().ShouldBe(["10.0.0.1"]);
    }

    [Fact]
    public void Edit_OfAnotherField_KeepsFollowing()
    {
        Set(1);
        Put(Follows);
        NodeState before = Nodes[0].State;

        Put("""{"service_name":"web","discovery_type":"consul","type":"least_conn"}""");

        Nodes[0].State.ShouldBeSameAs(before);
        _followers[Web].ShouldBe(1);
    }

    [Fact]
    public void Upstreams_ThatGoOrFollowAnother_Leave()
    {
        Put(Follows);
        Put("""{"service_name":"api","discovery_type":"consul"}""");
        _followers[Web].ShouldBe(0);
        _followers[Web with { Name = "api" }].ShouldBe(1);

        Put(null);
        _followers[Web with { Name = "api" }].ShouldBe(0);
    }

    [Fact]
    public void Service_OfSeveralUpstreams_ReachesAll()
    {
        Put(Follows);
        Put("""{"uri":"/*","upstream":{"service_name":"web","discovery_type":"consul"}}""", ResourceKind.Route);
        _followers[Web].ShouldBe(2);

        Set(5);

        _snapshot.Upstream(0)!.Nodes.Count.ShouldBe(1);
        _snapshot.Upstream(1)!.Nodes.Count.ShouldBe(1);
        _snapshot.Upstream(0)!.Nodes[0].State.ShouldNotBeSameAs(_snapshot.Upstream(1)!.Nodes[0].State, "a node is its upstream's");
    }

    [Fact]
    public void Instance_WithoutPort_UnderASchemeWithoutOne_IsLeftOut()
    {
        _known[Web] = [new ServiceInstance("10.0.0.1", null, 1), new ServiceInstance("10.0.0.2", 81, 1)];
        Put("""{"scheme":"tcp","service_name":"web","discovery_type":"consul"}""");
        Hosts().ShouldBe(["10.0.0.2"]);
    }

    public void Dispose() => _directory.Dispose();

    void IServiceSource.Follow(ServiceKey service) => _followers[service] = _followers.GetValueOrDefault(service) + 1;

    void IServiceSource.Leave(ServiceKey service) => _followers[service]--;

    EquatableArray<ServiceInstance>? IServiceSource.InstancesOf(ServiceKey service) => _known.TryGetValue(service, out EquatableArray<ServiceInstance> known) ? known : null;

    void IServiceSource.SetRegistry(string id, ServiceRegistryConfig? config) => throw new NotSupportedException();

    private void Set(params int[] hosts)
    {
        _known[Web] = [.. hosts.Select(static host => new ServiceInstance($"10.0.0.{host}", 80, 1))];
        _snapshot = _compiler.ApplyServices(1, [Web]);
    }

    private void Put(string? json, ResourceKind kind = ResourceKind.Upstream)
    {
        _snapshot = _compiler.Apply(1, [new ConfigChange(kind, "u", json is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(json))]);
        _compiler.Rejected.ShouldBeEmpty();
    }

    private string[] Hosts() => [.. Nodes.Select(static node => node.Config.Host)];
}
