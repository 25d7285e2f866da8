using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>How many nodes are left when one is taken out.</summary>
public sealed class RemainingNodesTests : IDisposable
{
    private static readonly HealthThresholds Once = new(1, 1, 1, 1);
    private readonly OverriddenGateway _gateway = new();

    public RemainingNodesTests() => _gateway.PutNodes(1, 2, 3);

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Without_AllUsable_OneLess() => Without(1).ShouldBe(new RemainingNodes(3, 3, 2));

    [Fact]
    public void Without_UnhealthyAndEjectedOnes_DoNotCount()
    {
        _gateway.Node(2).Health.Report(HealthEvent.TcpFailure, Once);
        _gateway.Node(3).Exclude(NodeExclusions.Ejected);

        Without(1).ShouldBe(new RemainingNodes(3, 1, 0));
        Without(2).ShouldBe(new RemainingNodes(3, 1, 1)); // it is no loss
    }

    [Fact]
    public void Without_StoredWords_CountBeforeTheNodesKnow()
    {
        Without(1, (2, OverrideKind.Drain)).ShouldBe(new RemainingNodes(3, 2, 1));
        Without(1, (2, OverrideKind.Drain), (3, OverrideKind.ForceDown)).ShouldBe(new RemainingNodes(3, 1, 0));
        _gateway.Node(3).Health.Report(HealthEvent.TcpFailure, Once);
        Without(1, (2, OverrideKind.Drain), (3, OverrideKind.ForceUp)).ShouldBe(new RemainingNodes(3, 2, 1));
    }

    [Fact]
    public void Without_WordsTakenBackThatNodesStillObey_DoNotCount()
    {
        _gateway.PutOverride(2, "drain");

        Without(1).ShouldBe(new RemainingNodes(3, 3, 2));
    }

    private RemainingNodes Without(int node, params (int Node, OverrideKind Kind)[] words) => RemainingNodes.Without(
        _gateway.Served.Find("upstreams/1")!, words.ToDictionary(word => Target(word.Node), word => word.Kind), Target(node));

    private static OverrideTarget Target(int node) => new("upstreams/1", $"10.0.0.{node}", 80);
}
