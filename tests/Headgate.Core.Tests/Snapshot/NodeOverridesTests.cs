using Headgate.Core.Config;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>To which nodes overrides are applied, from when, until when.</summary>
public sealed class NodeOverridesTests : IDisposable
{
    private static readonly HealthThresholds Once = new(1, 1, 1, 1);
    private readonly OverriddenGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("drain", NodeExclusions.Draining, NodeChangeKind.DrainBegun, NodeChangeKind.DrainEnded)]
    [InlineData("force_down", NodeExclusions.ForcedDown, NodeChangeKind.ForcedDown, NodeChangeKind.ForceEnded)]
    public void Put_WordThatWithdraws_PicksObeyFromThatRevisionOnAndAgainWhenItIsTakenBack(
        string kind, NodeExclusions exclusion, NodeChangeKind begun, NodeChangeKind ended)
    {
        _gateway.PutNodes(1, 2, 3);

        _gateway.PutOverride(2, kind);
        _gateway.Picks().ShouldBe("1 3");
        _gateway.Node(2).Exclusions.ShouldBe(exclusion);
        _gateway.Closed.ShouldBe(["idle 10.0.0.2"]);

        _gateway.PutOverride(2, null);
        _gateway.Picks().ShouldBe("1 2 3");
        _gateway.Timeline(2).ShouldBe([begun, ended]);
        _gateway.Overrides.All.ShouldBeEmpty();
    }

    [Fact]
    public void Put_ForceUp_NodeIsPickedWhateverChecksFind()
    {
        _gateway.PutNodes(1, 2);
        _gateway.Node(2).Health.Report(HealthEvent.TcpFailure, Once);
        _gateway.PutOverride(2, "force_up", ",\"note\":\"the probe is wrong\"");

        _gateway.Picks().ShouldBe("1 2");
        _gateway.Node(2).Timeline.Latest.ShouldBe(new NodeChange(_gateway.Time.GetUtcNow(), NodeChangeKind.ForcedUp, "ops", "the probe is wrong"));
        _gateway.PutOverride(2, null);
        _gateway.Picks().ShouldBe("1");
    }

    [Fact]
    public void Put_OverrideBeforeItsUpstream_HoldsFromTheFirstPick()
    {
        _gateway.PutOverride(1, "drain");
        _gateway.Override(1).Node.ShouldBeNull();

        _gateway.PutNodes(1, 2);

        _gateway.Picks().ShouldBe("2");
        _gateway.Override(1).Node.ShouldBe(_gateway.Node(1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Put_OverrideAndUpstreamInOneRevision_HoldInEitherOrder(bool overrideFirst)
    {
        (string, string?)[] changes = [("upstreams/1", OverriddenGateway.NodesJson(1, 2)), (OverriddenGateway.Key(1), _gateway.Word("force_down"))];
        _gateway.Put(overrideFirst ? [changes[1], changes[0]] : changes);

        _gateway.Picks().ShouldBe("2");
    }

    [Fact]
    public void Put_NodeLeavesAndReturns_TheWordHoldsAgainAndIsToldOnce()
    {
        _gateway.PutNodes(1, 2);
        _gateway.PutOverride(2, "drain");
        NodeState node = _gateway.Node(2);

        _gateway.PutNodes(1, 3);
        node.Exclusions.ShouldBe(NodeExclusions.None);
        _gateway.Override(2).Node.ShouldBeNull();
        _gateway.PutNodes(1, 2);

        _gateway.Node(2).ShouldBe(node);
        _gateway.Picks().ShouldBe("1");
        _gateway.Timeline(2).ShouldBe([NodeChangeKind.DrainBegun]);
    }

    [Fact]
    public void Put_TakenBackWhileTheNodeIsAway_ItReturnsWithoutIt()
    {
        _gateway.PutNodes(1, 2);
        _gateway.PutOverride(2, "force_down");
        _gateway.PutNodes(1);
        _gateway.PutOverride(2, null);

        _gateway.PutNodes(1, 2);

        _gateway.Picks().ShouldBe("1 2");
    }

    [Fact]
    public void Put_UpstreamDeletedAndMadeAnew_TheWordHolds()
    {
        _gateway.PutNodes(1, 2);
        _gateway.PutOverride(2, "force_down");
        NodeState node = _gateway.Node(2);

        _gateway.Put(("upstreams/1", null));
        node.IsWithdrawn.ShouldBeFalse();
        _gateway.PutNodes(2, 1);

        _gateway.Picks().ShouldBe("1");
    }

    [Fact]
    public void Put_EditThatKeepsTheNode_ChangesNothing()
    {
        _gateway.PutNodes(1, 2);
        _gateway.PutOverride(2, "drain");

        _gateway.Put(("upstreams/1", """{"type":"least_conn","nodes":{"10.0.0.9:80":5,"10.0.0.2:80":7}}"""));

        _gateway.Picks().ShouldBe("9");
        _gateway.Timeline(2).ShouldBe([NodeChangeKind.DrainBegun]);
    }

    [Fact]
    public void Put_InlineUpstreamOfARoute_IsFoundByItsOwner()
    {
        _gateway.Put(
            ("routes/7", """{"uri":"/*","upstream":{"nodes":{"10.0.0.1:80":1,"[::1]:81":1}}}"""),
            ("overrides/routes/7/[::1]:81", _gateway.Word("force_down")));

        _gateway.Served.Find("routes/7")!.Nodes.Select(node => node.State.IsWithdrawn).ShouldBe([false, true]);
    }

    [Fact]
    public void Put_AnotherWord_TakesThePlaceOfTheFirst()
    {
        _gateway.PutNodes(1, 2);
        _gateway.PutOverride(2, "drain");
        _gateway.PutOverride(2, "force_down");
        _gateway.Node(2).Exclusions.ShouldBe(NodeExclusions.ForcedDown);
        _gateway.PutOverride(2, "force_up");
        _gateway.Node(2).Exclusions.ShouldBe(NodeExclusions.None);
        _gateway.Node(2).IsForcedUp.ShouldBeTrue();

        _gateway.Timeline(2).ShouldBe([
            NodeChangeKind.DrainBegun, NodeChangeKind.DrainEnded, NodeChangeKind.ForcedDown, NodeChangeKind.ForceEnded, NodeChangeKind.ForcedUp]);
        _gateway.Node(2).Timeline.Changes[1].Reason.ShouldBe("drain replaced by force_down");
    }

    [Fact]
    public void Put_EveryNodeWithdrawn_NoneIsPicked()
    {
        _gateway.PutNodes(1, 2);
        _gateway.PutOverride(1, "drain");
        _gateway.PutOverride(2, "force_down");

        _gateway.Picks().ShouldBe("");
    }

    [Fact]
    public void Put_NotAnOverride_IsRefusedByNameAndTheLastGoodOneStays()
    {
        _gateway.PutNodes(1, 2);
        _gateway.PutOverride(2, "drain");
        _gateway.Put((OverriddenGateway.Key(2), """{"kind":"rest"}"""));

        _gateway.Rejected.ShouldHaveSingleItem().Key.ShouldBe("overrides/upstreams/1/10.0.0.2:80");
        _gateway.Rejected[0].ServesLastGood.ShouldBeTrue();
        _gateway.Picks().ShouldBe("1");
    }

    [Fact]
    public void Put_AnyOrderOfEdits_NodesObeyWhatIsStored()
    {
        var random = new Random(TestSeed.Value);
        string?[] kinds = [null, "drain", "force_up", "force_down"];
        var stored = new Dictionary<int, string?>();
        for (int step = 0; step < 2000; step++)
        {
            if (random.Next(3) == 0)
            {
                int[] present = [.. Enumerable.Range(1, 6).Where(_ => random.Next(3) > 0)];
                _gateway.Put(("upstreams/1", present.Length == 0 ? null : OverriddenGateway.NodesJson(present)));
            }
            else
            {
                int node = random.Next(1, 7);
                stored[node] = kinds[random.Next(4)];
                _gateway.PutOverride(node, stored[node]);
            }

            _gateway.Pass(random.NextDouble() / 5);
            foreach (NodeState node in _gateway.Served.Find("upstreams/1")?.Nodes.Select(n => n.State) ?? [])
            {
                string? word = stored.GetValueOrDefault(int.Parse(node.Key.Host[7..]));
                (node.Exclusions, node.IsForcedUp).ShouldBe(
                    (word == "drain" ? NodeExclusions.Draining : word == "force_down" ? NodeExclusions.ForcedDown : NodeExclusions.None, word == "force_up"), $"step {step}, seed {TestSeed.Value}");
            }
        }
    }
}
