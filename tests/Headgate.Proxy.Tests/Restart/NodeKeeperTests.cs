using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Restart;

/// <summary>What is left of the nodes when one process follows another.</summary>
public sealed class NodeKeeperTests : IDisposable
{
    private static readonly HealthCounters Refused = new(HealthStatus.Unhealthy, 0, 0, 1, 0);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-nodes-");
    private readonly ManualTimeProvider _time = new();

    private string StateFile => Path.Combine(_folder.FullName, "nodes.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Killed_ASecondAfterAChange_HealthAndTimelineAreThereAgain()
    {
        NodeChange change;
        using (KeptGateway gateway = Start())
        {
            change = gateway.Fail(gateway.Put("u", "a.test:80", "b.test:81")[1]);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        using KeptGateway again = Start();
        IReadOnlyList<NodeState> nodes = again.Put("u", "a.test:80", "b.test:81");

        nodes[1].Health.Counters.ShouldBe(Refused);
        nodes[1].Changes.ShouldBe([change]);
        nodes[0].Health.Counters.ShouldBe(default);
        nodes[0].Changes.ShouldBeEmpty();
        again.Log.ShouldBe(["1360 What was learnt about nodes before the restart is remembered: 1 nodes, as of 0 s ago."]);
        again.Put("v", "b.test:81")[0].Health.Counters.ShouldBe(default); // the same address of another upstream is another node
    }

    [Fact]
    public void Stopped_WithoutAnyTime_NothingIsLost()
    {
        using (KeptGateway gateway = Start())
        {
            NodeState node = gateway.Put("u", "a.test:80")[0];
            gateway.Fail(node);
            node.Health.Report(HealthEvent.Success, new HealthThresholds(2, 2, 2, 2)); // changes no verdict, so nobody is told
            node.Latency.Observe(latencyMs: 12.5, NodeLatency.NowMs);
            gateway.Keeper.Stop();
        }

        _time.Advance(TimeSpan.FromSeconds(3));
        using KeptGateway again = Start();
        NodeState same = again.Put("u", "a.test:80")[0];

        same.Health.Counters.ShouldBe(new HealthCounters(HealthStatus.MostlyUnhealthy, 1, 0, 0, 0));
        same.Latency.TryGetMs(NodeLatency.NowMs, out float latencyMs, out int ageMs).ShouldBeTrue();
        latencyMs.ShouldBe(12.5f);
        ageMs.ShouldBeInRange(3000, LatencyEstimate.ForgottenMs);
    }

    [Fact]
    public void Restart_NodeThatWasEjected_IsBackAndItsTimelineSaysSo()
    {
        using (KeptGateway gateway = Start())
        {
            NodeState ejected = gateway.Put("u", "a.test:80")[0];
            ejected.Exclude(NodeExclusions.Ejected);
            gateway.Upstreams.OnChanged(ejected, new NodeChange(_time.GetUtcNow(), NodeChangeKind.Ejected, "outlier detection", "5 failures in a row"));
            gateway.Keeper.Stop();
        }

        using KeptGateway again = Start();
        NodeState node = again.Put("u", "a.test:80")[0];

        node.Exclusions.ShouldBe(NodeExclusions.None);
        node.Changes.Select(change => (change.Kind, change.Source)).ShouldBe([(NodeChangeKind.Ejected, "outlier detection"), (NodeChangeKind.Returned, "restart")]);
    }

    [Theory]
    [InlineData(599, true, null)]
    [InlineData(601, true, "what was known before the restart is too old")]
    [InlineData(-599, true, null)]
    [InlineData(-601, true, "what was known before the restart is too old")]
    [InlineData(1, false, "health checks are off")]
    public void Restart_AfterSomeTime_TakesTheVerdictUnlessItIsOld_AndAlwaysTheTimeline(int seconds, bool keepsHealth, string? forgotten)
    {
        using (KeptGateway gateway = Start())
        {
            gateway.Fail(gateway.Put("u", "a.test:80")[0]);
            gateway.Keeper.Stop();
        }

        var later = new ManualTimeProvider();
        string text = File.ReadAllText(StateFile);
        DateTimeOffset written = later.GetUtcNow().AddSeconds(-seconds);
        File.WriteAllText(StateFile, text.Replace("\"written\":\"2026-01-01T00:00:00", $"\"written\":\"{written.UtcDateTime:yyyy-MM-ddTHH:mm:ss}", StringComparison.Ordinal));
        using var again = new KeptGateway(StateFile, later, keepsHealth: keepsHealth);
        NodeState node = again.Put("u", "a.test:80")[0];

        node.Health.Status.ShouldBe(forgotten is null ? HealthStatus.Unhealthy : HealthStatus.Healthy);
        node.Changes[0].Reason.ShouldBe("the connection was refused");
        node.Changes.Skip(1).ShouldBe(forgotten is null ? [] : [new NodeChange(later.GetUtcNow(), NodeChangeKind.Healthy, "restart", forgotten)]);
    }

    [Fact]
    public void Restart_ConfigurationComesLate_NodesAreStillKnown_AndNoFresherThanTheyWere()
    {
        using (KeptGateway gateway = Start())
        {
            gateway.Fail(gateway.Put("u", "a.test:80")[0]);
            gateway.Keeper.Stop();
        }

        // Two lives in which the store never answers, each long enough to write the file anew.
        for (int life = 0; life < 2; life++)
        {
            using KeptGateway empty = Start();
            _time.Advance(TimeSpan.FromMinutes(4));
            empty.Keeper.Stop();
        }

        using KeptGateway again = Start();
        again.Put("u", "a.test:80")[0].Health.Counters.ShouldBe(Refused);
        using KeptGateway later = Start();
        _time.Advance(TimeSpan.FromMinutes(3));
        NodeState node = later.Put("u", "a.test:80")[0];
        node.Health.Counters.ShouldBe(default); // eleven minutes in all
        node.Changes.Select(change => change.Source).ShouldBe(["probe", "restart"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    [InlineData("{\"version\":2,\"written\":\"2026-01-01T00:00:00Z\",\"nodes\":[]}")]
    [InlineData("{\"version\":1,\"written\":\"yesterday\",\"nodes\":[]}")]
    [InlineData("{\"version\":1,\"written\":\"2026-01-01T00:00:00Z\",\"nodes\":[{}]}")]
    [InlineData("{\"version\":1,\"written\":\"2026-01-01T00:00:00Z\",\"nodes\":[{\"owner\":\"u\",\"host\":\"a\",\"port\":80,\"timeline\":[],\"health\":{\"status\":\"healthy\",\"successes\":300,\"http_failures\":0,\"tcp_failures\":0,\"timeouts\":0}}]}")]
    public void Start_FileThatCannotBeUsed_IsSetAsideAndTheGatewayStarts(string content)
    {
        File.WriteAllText(StateFile, content);
        File.WriteAllText(StateFile + ".damaged", "an earlier one");

        using KeptGateway gateway = Start();
        NodeState node = gateway.Put("u", "a.test:80")[0];
        gateway.Fail(node);
        gateway.Keeper.Stop();

        gateway.Log.Count.ShouldBe(1);
        gateway.Log[0].ShouldStartWith($"1361 {StateFile} cannot be used: ");
        gateway.Log[0].ShouldEndWith($"It was moved to {StateFile}.damaged; nothing is remembered of nodes from before the restart.");
        File.ReadAllText(StateFile + ".damaged").ShouldBe(content);
        using KeptGateway again = Start();
        again.Put("u", "a.test:80")[0].Health.Counters.ShouldBe(Refused);
    }

    [Fact]
    public void Start_FileCutOrChangedAnywhere_NeverStopsAStart()
    {
        using (KeptGateway gateway = Start())
        {
            IReadOnlyList<NodeState> nodes = gateway.Put("u", "a.test:80", "b.test:80");
            gateway.Fail(nodes[0], "ends \" and \\ and \u00e9");
            nodes[1].Latency.Observe(3, NodeLatency.NowMs);
            gateway.Keeper.Stop();
        }

        byte[] good = File.ReadAllBytes(StateFile);
        var random = new Random(TestSeed.Value);
        for (int at = 0; at < good.Length; at++)
        {
            byte[] bad = [.. good];
            bad[at] = (byte)random.Next(256);
            foreach (byte[] content in (byte[][])[good[..at], bad])
            {
                File.WriteAllBytes(StateFile, content);
                using KeptGateway again = Start();
                again.Put("u", "a.test:80", "b.test:80").Count.ShouldBe(2);
                again.Log.Count.ShouldBe(1, Encoding.UTF8.GetString(content));
            }
        }
    }

    [Fact]
    public void Changed_FolderThatCannotBeWritten_WarnsOnceAndGoesOnWhenItCan()
    {
        using KeptGateway gateway = Start();
        NodeState node = gateway.Put("u", "a.test:80")[0];
        Directory.CreateDirectory(StateFile + ".new"); // in the way of the draft

        for (int i = 0; i < 3; i++)
        {
            gateway.Fail(node);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        gateway.Log.Count.ShouldBe(1);
        gateway.Log[0].ShouldStartWith($"1362 What is learnt about nodes cannot be kept in {StateFile}: ");
        Directory.Delete(StateFile + ".new");
        _time.Advance(TimeSpan.FromSeconds(10));
        gateway.Log[1..].ShouldBe([$"1363 What is learnt about nodes is kept in {StateFile} again."]);
        File.Exists(StateFile).ShouldBeTrue();
    }

    [Fact]
    public void Idle_NothingChanges_TheFileIsWrittenOnceAMinuteOnly_AndNotAtAllForNothing()
    {
        using KeptGateway gateway = Start();
        NodeState node = gateway.Put("u", "a.test:80")[0];
        _time.Advance(TimeSpan.FromMinutes(5));
        File.Exists(StateFile).ShouldBeFalse();

        gateway.Fail(node);
        File.Exists(StateFile).ShouldBeFalse(); // what changes at the same time is written with it
        _time.Advance(TimeSpan.FromSeconds(1));
        string first = File.ReadAllText(StateFile);
        _time.Advance(TimeSpan.FromSeconds(50));
        File.ReadAllText(StateFile).ShouldBe(first);
        _time.Advance(TimeSpan.FromSeconds(20));
        File.ReadAllText(StateFile).ShouldNotBe(first); // its time says until when the verdicts were true
        node.Health.Report(HealthEvent.Success, new HealthThresholds(2, 2, 2, 2));
        _time.Advance(TimeSpan.FromSeconds(10));
        File.ReadAllText(StateFile).ShouldContain("mostly_unhealthy");
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(StateFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void Write_MoreThanFits_KeepsWhatHappenedLatest()
    {
        const int BytesMax = 20_000;
        using (KeptGateway gateway = Start(BytesMax))
        {
            IReadOnlyList<NodeState> nodes = gateway.Put("u", [.. Enumerable.Range(0, 400).Select(i => $"n{i}.test:80")]);
            foreach (NodeState node in nodes)
            {
                gateway.Fail(node);
                gateway.Fail(node, "once more");
                _time.Advance(TimeSpan.FromMilliseconds(1));
            }

            gateway.Keeper.Stop();
            gateway.Log.Count(line => line.StartsWith("1364 ", StringComparison.Ordinal)).ShouldBe(1);
        }

        new FileInfo(StateFile).Length.ShouldBeInRange(BytesMax, BytesMax + 2000);
        using KeptGateway again = Start(BytesMax);
        IReadOnlyList<NodeState> after = again.Put("u", [.. Enumerable.Range(0, 400).Select(i => $"n{i}.test:80")]);
        after[399].Changes.Count.ShouldBe(2);
        int kept = after.Count(node => node.Changes.Count > 0);
        kept.ShouldBeInRange(50, 350);
        after.Skip(400 - kept).ShouldAllBe(node => node.Changes.Count > 0);
        after[400 - kept].LatestChange!.Reason.ShouldBe("once more");
    }

    private KeptGateway Start(int fileBytesMax = 1_000_000) => new(StateFile, _time, fileBytesMax: fileBytesMax);
}
