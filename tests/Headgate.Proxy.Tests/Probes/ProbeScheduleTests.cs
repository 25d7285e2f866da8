using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Probes;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Probes;

/// <summary>Which node is probed when, on a clock that the tests move.</summary>
public sealed class ProbeScheduleTests : IDisposable
{
    private readonly ScheduleUnderTest _test = new(TestSeed.Value);

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Set_NewNodes_AreProbedWithinASecondWithoutAnyRequest()
    {
        _test.Put("u", Enumerable.Range(1, 500), "\"healthy\":{\"interval\":3600},\"concurrency\":500");

        _test.Advance(1.01);

        _test.Started.Select(probe => probe.Node.State.Key.Host).Distinct().Count().ShouldBe(500, $"seed {TestSeed.Value}");
        _test.Started.Count(probe => (probe.At - _test.Started[0].At).TotalSeconds < 0.5).ShouldBeInRange(150, 350, $"seed {TestSeed.Value}");
    }

    [Fact]
    public void Intervals_DifferByTheNodesState()
    {
        _test.Put("u", [1, 2], "\"healthy\":{\"interval\":10},\"unhealthy\":{\"interval\":2}");
        _test.Advance(1.01);
        ProbedNode sick = _test.Started[0].Node, well = _test.Started[1].Node;
        for (int i = 0; i < 2; i++)
            sick.State.Health.Report(HealthEvent.TcpFailure, sick.Upstream.Plan.Checks.Thresholds);
        _test.Advance(200);

        GapsOf(sick)[2..].ShouldAllBe(gap => gap > 1.79 && gap < 2.22);
        GapsOf(well)[1..].ShouldAllBe(gap => gap > 8.99 && gap < 11.02);
        GapsOf(sick).Length.ShouldBeGreaterThan(80);

        sick.State.Health.Reset();
        int before = _test.Started.Count;
        _test.Advance(100);
        (_test.Started.Count - before).ShouldBeInRange(17, 25);
    }

    [Fact]
    public void TenThousandNodes_SpreadThemselvesOverTheInterval()
    {
        _test.Put("u", Enumerable.Range(1, 10_000), "\"healthy\":{\"interval\":10},\"concurrency\":1000");
        _test.Advance(12);
        int before = _test.Started.Count;
        DateTimeOffset begin = _test.Time.GetUtcNow();
        _test.Advance(20);

        int[] ofSecond = [.. _test.Started.Skip(before).GroupBy(probe => (int)(probe.At - begin).TotalSeconds).OrderBy(second => second.Key).Select(second => second.Count())];
        ofSecond.Take(20).ShouldAllBe(count => count > 700 && count < 1300, $"seed {TestSeed.Value}: {string.Join(' ', ofSecond)}");
        _test.Started.Skip(before).Select(probe => probe.Node).Distinct().Count().ShouldBe(10_000);
    }

    [Fact]
    public void Concurrency_IsNeverExceededAndNobodyIsLeftOut()
    {
        _test.Hangs = static _ => true;
        _test.Put("u", Enumerable.Range(1, 10), "\"concurrency\":3,\"healthy\":{\"interval\":60}");
        _test.Advance(2);

        for (int ended = 0; ended < 10; ended++)
        {
            _test.UnderWay.Count.ShouldBe(Math.Min(3, 10 - ended));
            _test.End(_test.UnderWay.First());
            _test.Advance(0.01);
        }

        _test.Started.Select(probe => probe.Node).Distinct().Count().ShouldBe(10);
    }

    [Fact]
    public void HungUpstreams_TakeAllPlaces_OthersHaveTheirTurn()
    {
        _test.Hangs = static node => node.Upstream.Plan.Checks.Path == "/hangs";
        for (int i = 0; i < 30; i++)
            _test.Put($"hung{i}", Enumerable.Range((i * 100) + 1, 100), "\"http_path\":\"/hangs\",\"concurrency\":20");
        _test.Advance(2);
        _test.UnderWay.Count.ShouldBe(ProbeSchedule.UnderWayMax);
        _test.Put("good", [60_000], "\"healthy\":{\"interval\":1}");
        _test.Advance(2);
        _test.Started.ShouldNotContain(probe => probe.Node.Upstream.Plan.Checks.Path == "/");

        // Those that were due before it have their turn first, once; nobody comes twice before it.
        int ends = 0;
        for (; ends < 4000 && _test.Started.TrueForAll(probe => probe.Node.Upstream.Plan.Checks.Path != "/"); ends++)
        {
            _test.UnderWay.Count.ShouldBe(ProbeSchedule.UnderWayMax);
            _test.End(_test.UnderWay.First());
            _test.Advance(0.1); // so that who has ended is soon due again
        }

        ends.ShouldBeLessThan(3001, $"seed {TestSeed.Value}");
    }

    [Fact]
    public void PlaceThatBecomesFree_IsTakenByWhoHasBeenDueLongest()
    {
        // Of two nodes one is probed and the other waits for it; then everybody else comes and waits for places that all have.
        _test.Hangs = static _ => true;
        _test.Put("first", [1, 2], "\"concurrency\":1,\"healthy\":{\"interval\":3600}");
        _test.Advance(1.01);
        ProbedNode first = _test.UnderWay.ShouldHaveSingleItem();
        for (int i = 0; i < 30; i++)
            _test.Put($"later{i}", Enumerable.Range((i * 100) + 100, 100), "\"concurrency\":20");
        _test.Advance(2);
        _test.UnderWay.Count.ShouldBe(ProbeSchedule.UnderWayMax);

        _test.End(first);
        _test.Advance(0.1);

        _test.Started[^1].Node.Upstream.ShouldBe(first.Upstream, $"seed {TestSeed.Value}");
        _test.UnderWay.Count.ShouldBe(ProbeSchedule.UnderWayMax);
    }

    [Fact]
    public void Edits_AtAnyTime_ProbeExactlyTheNodesOfTheRunningRevision()
    {
        Arbitrary<(int Upstream, int Nodes, int Checks, int WaitMs)[]> edits = Gen.Choose(0, 2).Zip(Gen.Choose(0, 255)).Zip(Gen.Choose(-1, 2), (a, b) => (a.Item1, a.Item2, b))
            .Zip(Gen.Choose(0, 3000), (a, wait) => (a.Item1, a.Item2, a.b, wait)).ArrayOf().ToArbitrary();
        Prop.ForAll(edits, list =>
        {
            using var test = new ScheduleUnderTest(TestSeed.Value);
            var wanted = new Dictionary<int, string[]>();
            foreach ((int upstream, int nodes, int checks, int waitMs) in list)
            {
                int[] hosts = [.. Enumerable.Range(0, 8).Where(bit => (nodes & (1 << bit)) != 0).Select(bit => bit + 1)];
                string[] keys = [.. hosts.Select(host => $"upstreams/{upstream} 10.0.0.{host}")];
                if (checks < 0)
                    test.Put(upstream.ToString(), null);
                else if (checks == 0)
                    test.Put(upstream.ToString(), """{"nodes":{"10.0.0.1:80":1}}""");
                else
                    test.Put(upstream.ToString(), hosts, $"\"healthy\":{{\"interval\":{checks}}}");
                wanted[upstream] = checks <= 0 ? [] : keys;
                test.Advance(waitMs / 1000.0);
            }

            string[] expected = [.. wanted.Values.SelectMany(keys => keys).Order()];
            test.Schedule.ProbedForTest.Select(Text).Order().ShouldBe(expected);
            int before = test.Started.Count;
            test.Advance(5);
            test.Started.Skip(before).Select(probe => Text(probe.Node.State)).Distinct().Order().ShouldBe(expected);
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithReplay((ulong)TestSeed.Value, 1UL));

        static string Text(NodeState node) => $"{node.Key.Owner} {node.Key.Host}";
    }

    [Fact]
    public void Edits_WithALongInterval_LeaveNothingInTheQueue()
    {
        for (int i = 0; i < 300; i++)
        {
            _test.Put("u", Enumerable.Range(1, 20), $"\"healthy\":{{\"interval\":86400}},\"http_path\":\"/{i}\"");
            _test.Advance(1.1);
        }

        _test.Schedule.QueuedForTest.ShouldBeLessThan(150);
        _test.Put("u", """{"nodes":{"10.0.0.1:80":1}}""");
        _test.Schedule.QueuedForTest.ShouldBeLessThan(150);
    }

    [Fact]
    public void Edit_ThatKeepsPlanAndNode_KeepsItsTime()
    {
        _test.Put("u", [1], "\"healthy\":{\"interval\":60}");
        _test.Advance(200);
        int probes = _test.Started.Count;
        for (int i = 2; i < 100; i++)
        {
            _test.Put("u", [1, i], "\"healthy\":{\"interval\":60}");
            _test.Advance(0.01);
        }

        _test.Started.Skip(probes).Count(probe => probe.Node.State.Key.Host == "10.0.0.1").ShouldBeLessThanOrEqualTo(1);
    }

    private double[] GapsOf(ProbedNode node)
    {
        DateTimeOffset[] times = [.. _test.Started.Where(probe => probe.Node == node).Select(probe => probe.At)];
        return [.. times.Zip(times[1..], (a, b) => (b - a).TotalSeconds)];
    }
}
