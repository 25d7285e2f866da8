using System.Globalization;
using Headgate.Control.Line;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Control.Tests.Line;

/// <summary>Which nodes an instance tells of, and what looking for them costs.</summary>
public sealed class NodeReportTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly ServedUpstreams _upstreams = new();
    private readonly NodeDirectory _directory = new(TimeProvider.System, new NodeObservers());
    private readonly SnapshotCompiler _compiler;
    private readonly PlayedInstance _instance;
    private long _revision;

    public NodeReportTests()
    {
        _compiler = new SnapshotCompiler(_directory, Core.Config.Plugins.PluginCatalog.Empty, _upstreams);
        _instance = new PlayedInstance(upstreams: _upstreams, time: _clock);
    }

    private IReadOnlyDictionary<(string Owner, string Node), NodeSighting> Now => _instance.Instance.Sightings;

    public void Dispose()
    {
        _instance.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Nodes_AreSeenWhileTheyAreNotSimplyUp()
    {
        Apply("1", 3);
        Now.ShouldBeEmpty();

        Change("1", 1, NodeExclusions.Unhealthy, on: true, "refused");
        Change("1", 1, NodeExclusions.Draining, on: true, "moving racks");
        NodeSighting seen = Now[("upstreams/1", "10.0.0.1:80")];
        (seen.State, string.Join(',', seen.Exclusions), seen.Reason, seen.Since).ShouldBe(("out", "unhealthy,draining", "moving racks", _clock.GetUtcNow()));
        Now.Count.ShouldBe(1);

        Change("1", 1, NodeExclusions.Draining, on: false, "done");
        Now[("upstreams/1", "10.0.0.1:80")].State.ShouldBe("down");
        Change("1", 1, NodeExclusions.Unhealthy, on: false, "200");
        Now.ShouldBeEmpty();
    }

    [Fact]
    public void Quiet_IsTheSameObject_AndLooksAtNothing()
    {
        Apply("1", 10);
        Change("1", 1, NodeExclusions.Unhealthy, on: true, "refused");
        IReadOnlyDictionary<(string, string), NodeSighting> first = Now;
        long looked = Looked();

        Now.ShouldBeSameAs(first);
        Looked().ShouldBe(looked);
    }

    [Fact]
    public void HundredThousandNodes_AnEditOrAChangeLooksAtOneUpstream()
    {
        for (int i = 0; i < 1000; i++)
            Apply(i.ToString(CultureInfo.InvariantCulture), 100);
        Now.ShouldBeEmpty();
        long looked = Looked();
        for (int second = 0; second < 9; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Now.ShouldBeEmpty();
        }

        Looked().ShouldBe(looked);
        Apply("7", 100);
        Now.ShouldBeEmpty();
        Change("8", 1, NodeExclusions.Ejected, on: true, "5 failures");
        Now.Count.ShouldBe(1);
        (Looked() - looked).ShouldBe(200);
        int seen = 0;
        Allocation.Of(() =>
        {
            seen = 0;
            for (int second = 0; second < 1000; second++)
                seen += Now.Count;
        }).ShouldBe(0);
        seen.ShouldBe(1000);

        _clock.Advance(TimeSpan.FromSeconds(11));
        Now.Count.ShouldBe(1);
        (Looked() - looked).ShouldBe(100_200); // now and then all the same
    }

    [Fact]
    public void Exclusion_ThatNobodyTold_IsFoundNowAndThen()
    {
        Apply("1", 2);
        Now.ShouldBeEmpty();
        _upstreams.Find("upstreams/1")!.Nodes[0].State.Exclude(NodeExclusions.Awaited);
        Now.ShouldBeEmpty();

        _clock.Advance(TimeSpan.FromSeconds(11));
        Now[("upstreams/1", "10.0.0.0:80")].Exclusions.ShouldBe(["awaited"]);
        Change("1", 0, NodeExclusions.Awaited, on: false, "answered");
        Now.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reports_MoreThanOneHasPlaceFor_ComeInSeveral_AndRemovedUpstreamsTakeTheirsAlong()
    {
        Apply("1", 6001);
        Apply("2", 10);
        for (int i = 0; i < 6001; i++)
            Change("1", i, NodeExclusions.Unhealthy, on: true, "refused");
        Change("2", 3, NodeExclusions.Unhealthy, on: true, "refused");
        await using IAsyncEnumerator<InstanceReport> reports = new InstanceReporter(_instance.Instance, _clock).RunAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        InstanceReport first = await NextAsync(reports);
        (first.IsFull, first.Nodes.Count).ShouldBe((true, InstanceReporter.NodesMax));
        InstanceReport second = await NextAsync(reports);
        (second.IsFull, second.Nodes.Count).ShouldBe((false, 1002));
        first.Nodes.Concat(second.Nodes).Select(static node => (node.Owner, node.Node)).Distinct().Count().ShouldBe(6002);

        Remove("1");
        InstanceReport third = await NextAsync(reports, ticks: true);
        InstanceReport fourth = await NextAsync(reports);
        Node[] gone = [.. third.Nodes.Concat(fourth.Nodes).Select(static node => new Node(node.Owner, node.State, node.Exclusions.Count))];
        gone.Length.ShouldBe(6001);
        gone.Distinct().ShouldBe([new Node("upstreams/1", "up", 0)]);
    }

    [Fact]
    public async Task Reports_NodeThatFlaps_TellsTheLatest_OrNothing()
    {
        Apply("1", 2);
        await using IAsyncEnumerator<InstanceReport> reports = new InstanceReporter(_instance.Instance, _clock).RunAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        (await NextAsync(reports)).Nodes.ShouldBeEmpty();

        Change("1", 0, NodeExclusions.Unhealthy, on: true, "refused"); // down and up again before anybody looks
        Change("1", 0, NodeExclusions.Unhealthy, on: false, "200");
        (await NextAsync(reports, ticks: true)).Nodes.ShouldBeEmpty();

        Change("1", 0, NodeExclusions.Unhealthy, on: true, "refused");
        (await NextAsync(reports, ticks: true)).Nodes.Single().Reason.ShouldBe("refused");
        _clock.Advance(TimeSpan.FromMilliseconds(10));
        Change("1", 0, NodeExclusions.Unhealthy, on: false, "200");
        Change("1", 0, NodeExclusions.Unhealthy, on: true, "reset");
        (await NextAsync(reports, ticks: true)).Nodes.Single().Reason.ShouldBe("reset");
        (await NextAsync(reports, ticks: true)).Nodes.ShouldBeEmpty();
    }

    private long Looked() => _instance.Instance.SightingsForTest.LookedAtForTest;

    private async Task<InstanceReport> NextAsync(IAsyncEnumerator<InstanceReport> reports, bool ticks = false)
    {
        ValueTask<bool> next = reports.MoveNextAsync();
        if (ticks)
            _clock.Advance(InstanceReporter.Interval);
        (await next).ShouldBeTrue();
        return reports.Current;
    }

    private void Apply(string id, int nodes)
    {
        string list = string.Join(',', Enumerable.Range(0, nodes).Select(static i => string.Create(CultureInfo.InvariantCulture, $"\"10.0.{i / 256}.{i % 256}:80\":1")));
        _compiler.Apply(++_revision, [new ConfigChange(Core.Config.ResourceKind.Upstream, id, System.Text.Encoding.UTF8.GetBytes($"{{\"nodes\":{{{list}}}}}"))]);
        _compiler.Rejected.ShouldBeEmpty();
    }

    private void Remove(string id) => _compiler.Apply(++_revision, [new ConfigChange(Core.Config.ResourceKind.Upstream, id, null)]);

    private void Change(string id, int node, NodeExclusions what, bool on, string reason)
    {
        NodeState state = _upstreams.Find("upstreams/" + id)!.Nodes[node].State;
        _ = on ? state.Exclude(what) : state.Admit(what);
        _upstreams.OnChanged(state, new NodeChange(_clock.GetUtcNow(), on ? NodeChangeKind.Unhealthy : NodeChangeKind.Healthy, "probe", reason));
    }

    private sealed record Node(string Owner, string State, int Exclusions);
}
