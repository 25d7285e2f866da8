using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Snapshot;
using Headgate.Core.Tests.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Upstreams;

/// <summary>What a memory knows of a node is there from the first snapshot on.</summary>
public sealed class NodeMemoryTests : INodeMemory, INodeObserver
{
    private static readonly HealthCounters Down = new(HealthStatus.MostlyUnhealthy, 1, 2, 3, 254);
    private readonly List<string> _calls = [];

    void INodeMemory.Recall(NodeState node)
    {
        _calls.Add($"recall {node.Key.Host}");
        if (node.Key.Host == "10.0.0.1")
            node.Health.Restore(Down);
    }

    void INodeObserver.Added(NodeState node) => _calls.Add($"added {node.Key.Host} {node.Health.Status}");

    void INodeObserver.Removed(NodeState node) => _calls.Add($"removed {node.Key.Host}");

    void INodeObserver.Forgotten(NodeState node)
    {
    }

    [Fact]
    public void Enter_NewNode_IsRecalledBeforeAnybodyIsTold_AndOneThatComesBackIsNot()
    {
        using var directory = new NodeDirectory(new ManualTimeProvider(), this, this);

        NodeState node = directory.Enter(new NodeKey("upstreams/1", "10.0.0.1", 80));
        directory.Leave(node);
        directory.Enter(node.Key).ShouldBeSameAs(node);

        _calls.ShouldBe(["recall 10.0.0.1", "added 10.0.0.1 MostlyUnhealthy", "removed 10.0.0.1", "added 10.0.0.1 MostlyUnhealthy"]);
    }

    [Theory]
    [InlineData(",\"checks\":{\"active\":{}}", "10.0.0.2 10.0.0.2 10.0.0.2 10.0.0.2")]
    [InlineData("", "10.0.0.1 10.0.0.2 10.0.0.1 10.0.0.2")]
    public void Apply_NodeRecalledUnhealthy_IsLeftOutAtOnceWhereItIsChecked(string checks, string picks)
    {
        using var directory = new NodeDirectory(new ManualTimeProvider(), this, this);
        var compiler = new SnapshotCompiler(directory, PluginCatalog.Empty);
        UpstreamSnapshot upstream = compiler.Apply(1, [Gateway.Change("upstreams/1", $$"""{"nodes":[{"host":"10.0.0.1","port":80,"weight":1},{"host":"10.0.0.2","port":80,"weight":1}]{{checks}}}""")]).Upstream(0)!;

        string.Join(' ', Enumerable.Range(0, 4).Select(_ => Pick(upstream))).ShouldBe(picks);
    }

    [Fact]
    public void Restore_Health_GoesOnFromThere()
    {
        var node = new NodeState(new NodeKey("upstreams/1", "10.0.0.1", 80));

        node.Health.Restore(Down);

        node.Health.Counters.ShouldBe(Down);
        node.Health.Report(HealthEvent.Success, new HealthThresholds(2, 2, 2, 2)).ShouldBeTrue();
        node.Health.Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public void Restore_Timeline_KeepsTheLatest()
    {
        NodeChange[] changes = [.. Enumerable.Range(0, NodeTimeline.Length + 2).Select(i => new NodeChange(DateTimeOffset.UnixEpoch.AddSeconds(i), NodeChangeKind.Unhealthy, "probe", $"{i}"))];
        var node = new NodeState(new NodeKey("upstreams/1", "10.0.0.1", 80));
        node.Changes.ShouldBeEmpty();
        node.LatestChange.ShouldBeNull();

        node.Timeline.Restore(changes);

        node.Changes.ShouldBe(changes[2..]);
        node.LatestChange.ShouldBe(changes[^1]);
    }

    [Fact]
    public void Restore_Latency_IsAsOldAsItWas()
    {
        LatencyEstimate latency = default;
        latency.TryGetMs(nowMs: 5, out _, out _).ShouldBeFalse();

        latency.Restore(12.5f, observedMs: 1000);

        latency.TryGetMs(nowMs: 4000, out float estimate, out int age).ShouldBeTrue();
        (estimate, age).ShouldBe((12.5f, 3000));
        latency.TryGetMs(nowMs: 1000 + LatencyEstimate.ForgottenMs, out _).ShouldBeFalse();
    }

    private static string Pick(UpstreamSnapshot upstream)
    {
        TriedNodes none = default;
        var context = new PickContext(in none, new TestRequest("a.test", "/"));
        return upstream.Pick(ref context)!.Config.Host;
    }
}
