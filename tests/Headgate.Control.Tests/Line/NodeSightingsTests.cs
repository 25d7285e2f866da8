using Headgate.Control.Line;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Control.Tests.Line;

/// <summary>Which nodes an instance tells control planes of, and when it looks at which.</summary>
public sealed class NodeSightingsTests : IDisposable
{
    private readonly ServedConfig _config = new(
        ("upstreams/a", """{"nodes":{"127.0.0.1:1":1,"127.0.0.1:2":1}}"""), ("upstreams/b", """{"nodes":{"127.0.0.1:3":1}}"""));

    private readonly ManualTimeProvider _time = new();
    private readonly NodeSightings _sightings;

    public NodeSightingsTests() => _sightings = new NodeSightings(_config.Upstreams, _time);

    public void Dispose() => _config.Dispose();

    [Fact]
    public void Now_NodeChanged_IsTold_UntilItIsUpAgain()
    {
        _sightings.Now.ShouldBeEmpty();
        NodeState node = Exclude("upstreams/a", 1);
        Tell(node);
        _sightings.Now.Keys.ShouldBe([("upstreams/a", "127.0.0.1:2")]);
        node.Admit(NodeExclusions.Ejected);
        Tell(node);
        _sightings.Now.ShouldBeEmpty();
    }

    [Fact]
    public void Now_OtherUpstreamServedAnew_LooksAtThatAlone_AndKeepsTheRest()
    {
        Tell(Exclude("upstreams/a", 0));
        NodeSighting before = _sightings.Now.Values.ShouldHaveSingleItem();
        Exclude("upstreams/a", 1); // without a word: who looks at all nodes sees it
        ServeAnew("upstreams/b");
        _sightings.Now.Values.ShouldHaveSingleItem().ShouldBeSameAs(before);
        ServeAnew("upstreams/a");
        _sightings.Now.Count.ShouldBe(2);
    }

    [Fact]
    public void Now_NothingHeardForTenSeconds_LooksAtAll()
    {
        _sightings.Now.ShouldBeEmpty();
        Exclude("upstreams/b", 0);
        _sightings.Now.ShouldBeEmpty();
        _time.Advance(TimeSpan.FromSeconds(10.1));
        _sightings.Now.Count.ShouldBe(1);
    }

    [Fact]
    public void Now_UpstreamRemoved_ItsNodesAreForgotten_AndNoOthers()
    {
        Tell(Exclude("upstreams/a", 0));
        Tell(Exclude("upstreams/b", 0));
        _sightings.Now.Count.ShouldBe(2);
        _config.Upstreams.Removed("upstreams/a");
        _sightings.Now.Keys.ShouldBe([("upstreams/b", "127.0.0.1:3")]);
    }

    private NodeState Exclude(string owner, int index)
    {
        NodeState node = _config.Upstreams.Find(owner)!.Nodes[index].State;
        node.Exclude(NodeExclusions.Ejected);
        return node;
    }

    private void Tell(NodeState node) => _config.Upstreams.OnChanged(node, new NodeChange(_time.GetUtcNow(), NodeChangeKind.Ejected, "test", "told"));

    private void ServeAnew(string owner) => _config.Upstreams.Served(owner, _config.Upstreams.Find(owner)!);
}
