using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.WarmUp;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.WarmUp;

/// <summary>When nodes begin to warm up and when they are warm, on a clock that the test moves.</summary>
public sealed class SlowStartTests : IDisposable
{
    private const string Conf = ""","warm_up_conf":{"slow_start_time_seconds":100,"min_weight_percent":10}""";
    private readonly ManualTimeProvider _time = new();
    private readonly ServedUpstreams _served = new();
    private readonly NodeDirectory _directory;
    private readonly SnapshotCompiler _compiler;
    private readonly SlowStart _slowStart;
    private long _revision;

    public SlowStartTests()
    {
        _slowStart = new SlowStart(_served, _time, NullLogger<SlowStart>.Instance);
        _directory = new NodeDirectory(_time, new NodeObservers());
        _compiler = new SnapshotCompiler(_directory, PluginCatalog.Empty, _served);
    }

    public void Dispose()
    {
        _slowStart.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Served_FirstNodes_AreWarmAndNoTimerRuns()
    {
        Put(Conf, "10.0.0.1", "10.0.0.2");

        Share("10.0.0.1").ShouldBe(PickShare.Full);
        _time.ActiveTimers.ShouldBe(0);
    }

    [Fact]
    public void Served_NodeThatJoins_RampsByTheFormulaAndIsWarmAtTheEnd()
    {
        Put(Conf, "10.0.0.1");
        Put(Conf, "10.0.0.1", "10.0.0.2");

        (Share("10.0.0.1"), Share("10.0.0.2")).ShouldBe((PickShare.Full, 1000));
        Advance(20);
        Share("10.0.0.2").ShouldBe(2000);
        Advance(79);
        Share("10.0.0.2").ShouldBe(9900);
        Advance(1);
        Share("10.0.0.2").ShouldBe(PickShare.Full);
        Node("10.0.0.2").WarmUp.BegunAt.ShouldBeNull();
        ActiveTimersOfSlowStart.ShouldBe(0);
    }

    [Fact]
    public void Served_WithinTheStartupGrace_NewNodesAreWarm()
    {
        const string graceful = ""","warm_up_conf":{"slow_start_time_seconds":100,"min_weight_percent":10,"startup_grace_period_seconds":30}""";
        Put(graceful, "10.0.0.1");
        Advance(29);
        Put(graceful, "10.0.0.1", "10.0.0.2");
        Advance(1);
        Put(graceful, "10.0.0.1", "10.0.0.2", "10.0.0.3");

        (Share("10.0.0.2"), Share("10.0.0.3")).ShouldBe((PickShare.Full, 1000));
    }

    [Fact]
    public void Served_SlowStartTurnedOn_TheNodesItHasAreWarm()
    {
        Put("", "10.0.0.1");
        Put(Conf, "10.0.0.1");

        Share("10.0.0.1").ShouldBe(PickShare.Full);
    }

    [Fact]
    public void Served_EditThatKeepsTheNode_TheClockGoesOnByTheNewSettings()
    {
        Put(Conf, "10.0.0.1");
        Put(Conf, "10.0.0.1", "10.0.0.2");
        DateTimeOffset begun = Node("10.0.0.2").WarmUp.BegunAt.ShouldNotBeNull();
        Advance(30);

        Put(""","retries":1,"warm_up_conf":{"slow_start_time_seconds":60,"min_weight_percent":1}""", "10.0.0.2", "10.0.0.1");

        Node("10.0.0.2").WarmUp.BegunAt.ShouldBe(begun);
        Share("10.0.0.2").ShouldBe(5000);
        Put("", "10.0.0.1", "10.0.0.2");
        Share("10.0.0.2").ShouldBe(PickShare.Full);
        ActiveTimersOfSlowStart.ShouldBe(0);
    }

    [Fact]
    public void Served_Interval_SetsTheSteps()
    {
        const string steps = ""","warm_up_conf":{"slow_start_time_seconds":100,"min_weight_percent":1,"interval":10}""";
        Put(steps, "10.0.0.1");
        Put(steps, "10.0.0.1", "10.0.0.2");
        Advance(19);
        Share("10.0.0.2").ShouldBe(1000);
        Advance(1);
        Share("10.0.0.2").ShouldBe(2000);
    }

    [Fact]
    public void Served_NodeTakenOutAndPutBack_RampsAnew()
    {
        Put(Conf, "10.0.0.1", "10.0.0.2");
        Put(Conf, "10.0.0.1");
        Put(Conf, "10.0.0.1", "10.0.0.2");

        Share("10.0.0.2").ShouldBe(1000);
    }

    [Theory]
    [InlineData(NodeExclusions.Ejected, NodeChangeKind.Ejected, NodeChangeKind.Returned)]
    [InlineData(NodeExclusions.Draining, NodeChangeKind.DrainBegun, NodeChangeKind.DrainEnded)]
    [InlineData(NodeExclusions.ForcedDown, NodeChangeKind.ForcedDown, NodeChangeKind.ForceEnded)]
    public void Changed_NodeOutAndBack_RampsAnewFromItsReturn(NodeExclusions why, NodeChangeKind outKind, NodeChangeKind backKind)
    {
        Put(Conf, "10.0.0.1", "10.0.0.2");
        NodeState node = Node("10.0.0.2");
        node.Exclude(why);
        Tell(node, outKind);
        node.WarmUp.IsOut.ShouldBeTrue();
        Advance(50);
        Share("10.0.0.2").ShouldBe(PickShare.Full); // used only when there is no other, and then in full

        node.Admit(why);
        Tell(node, backKind);
        Share("10.0.0.2").ShouldBe(1000);
        Advance(50);
        Share("10.0.0.2").ShouldBe(5000);
        Share("10.0.0.1").ShouldBe(PickShare.Full);
    }

    [Fact]
    public void Changed_UnhealthyForAMoment_RampsThoughItWasNeverSeenOut()
    {
        Put(Conf, "10.0.0.1", "10.0.0.2");

        Tell(Node("10.0.0.2"), NodeChangeKind.Healthy);

        Share("10.0.0.2").ShouldBe(1000);
    }

    [Fact]
    public void Changed_StillOutForAnotherReason_WaitsForTheLast()
    {
        Put(Conf, "10.0.0.1", "10.0.0.2");
        NodeState node = Node("10.0.0.2");
        node.Exclude(NodeExclusions.Ejected | NodeExclusions.Draining);
        Tell(node, NodeChangeKind.DrainBegun);
        node.Admit(NodeExclusions.Ejected);
        Tell(node, NodeChangeKind.Returned);
        node.WarmUp.BegunAt.ShouldBeNull();
        node.Admit(NodeExclusions.Draining);
        Tell(node, NodeChangeKind.DrainEnded);
        node.WarmUp.BegunAt.ShouldNotBeNull();
    }

    [Fact]
    public void Changed_AwaitedFromTheFirstLoad_IsWarmWhenAdmitted()
    {
        // Held back until the first verdict of its checks: of the first load it counts as warm, of a later one it warms up then.
        Put(Conf, "10.0.0.1", "10.0.0.2");
        NodeState first = Node("10.0.0.2");
        first.Exclude(NodeExclusions.Awaited);
        Tell(first, NodeChangeKind.Unhealthy);
        first.Admit(NodeExclusions.Awaited);
        Tell(first, NodeChangeKind.DrainEnded);

        Share("10.0.0.2").ShouldBe(PickShare.Full);
    }

    [Fact]
    public void Changed_NodeWithoutSlowStart_IsLeftAlone()
    {
        Put("", "10.0.0.1");
        NodeState node = Node("10.0.0.1");
        node.Exclude(NodeExclusions.Ejected);
        Tell(node, NodeChangeKind.Ejected);
        node.Admit(NodeExclusions.Ejected);
        Tell(node, NodeChangeKind.Returned);

        (node.WarmUp.BegunAt, node.Share.Effective).ShouldBe((null, PickShare.Full));
    }

    [Fact]
    public void Served_ClockThatWasKept_GoesOn()
    {
        // As after a restart: the node's clock is set before its upstream is served.
        NodeState state = _directory.Enter(new NodeKey("upstreams/u", "10.0.0.1", 80));
        _directory.Leave(state);
        state.WarmUp.BegunAt = _time.GetUtcNow() - TimeSpan.FromSeconds(40);

        Put(Conf, "10.0.0.1", "10.0.0.2");

        Share("10.0.0.1").ShouldBe(4000);
        Advance(10);
        Share("10.0.0.1").ShouldBe(5000);
    }

    [Fact]
    public void Removed_WhileANodeWarmsUp_NothingIsLeft()
    {
        Put(Conf, "10.0.0.1");
        Put(Conf, "10.0.0.1", "10.0.0.2");
        NodeState node = Node("10.0.0.2");

        _compiler.Apply(++_revision, [new ConfigChange(ResourceKind.Upstream, "u", null)]);

        (node.WarmUp.BegunAt, node.Share.Effective).ShouldBe((null, PickShare.Full));
        ActiveTimersOfSlowStart.ShouldBe(0);
    }

    /// <summary>The directory's runs while it remembers nodes.</summary>
    private int ActiveTimersOfSlowStart
    {
        get
        {
            _directory.Dispose();
            return _time.ActiveTimers;
        }
    }

    private void Advance(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    private void Put(string more, params string[] hosts)
    {
        string nodes = string.Join(',', hosts.Select(host => $"\"{host}:80\":1"));
        _compiler.Apply(++_revision, [new ConfigChange(ResourceKind.Upstream, "u", Encoding.UTF8.GetBytes($"{{\"nodes\":{{{nodes}}}{more}}}"))]);
        _compiler.Rejected.ShouldBeEmpty();
    }

    private NodeState Node(string host) => _served.Find("upstreams/u")!.Nodes.Single(node => node.Config.Host == host).State;

    private int Share(string host) => Node(host).Share.Effective;

    private void Tell(NodeState node, NodeChangeKind kind) => _served.OnChanged(node, new NodeChange(_time.GetUtcNow(), kind, "test", "as it is"));
}
