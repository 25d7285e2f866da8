using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Restart;

/// <summary>Ejections and slow starts when one process follows another.</summary>
public sealed class KeptEjectionTests : IDisposable
{
    private const string Detection = ""","outlier_detection":{"consecutive_5xx":5}""";
    private const string WarmUp = ""","warm_up_conf":{"slow_start_time_seconds":100,"min_weight_percent":10}""";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-nodes-");
    private readonly ManualTimeProvider _time = new();

    private string StateFile => Path.Combine(_folder.FullName, "nodes.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Ejected_RestartInBetween_IsOutForTheRestOfItsTimeAndReturnsOnTrial()
    {
        using (KeptGateway gateway = Start())
        {
            await gateway.EjectAsync("u", gateway.PutWith("u", Detection, "a.test:80", "b.test:80")[0], 5);
            _time.Advance(TimeSpan.FromSeconds(12));
            gateway.Keeper.Stop();
        }

        _time.Advance(TimeSpan.FromSeconds(8));
        using KeptGateway again = Start();
        NodeState node = again.PutWith("u", Detection, "a.test:80", "b.test:80")[0];

        node.Exclusions.ShouldBe(NodeExclusions.Ejected);
        again.Upstreams.Find("upstreams/u")!.Tiers.Count.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(9.8));
        node.Exclusions.ShouldBe(NodeExclusions.Ejected);
        _time.Advance(TimeSpan.FromSeconds(0.4));
        node.Exclusions.ShouldBe(NodeExclusions.None);
        node.Share.Effective.ShouldBe(1000);
        node.Changes.Select(change => (change.Kind, change.Source, change.Reason)).ShouldBe([
            (NodeChangeKind.Ejected, "outlier detection", "5 failures in a row; out for 30 s"),
            (NodeChangeKind.Returned, "outlier detection", "its time is over"),
        ]);
        await again.EjectAsync("u", node, 2);
        node.LatestChange!.Reason.ShouldBe("2 failures in a row after its return; out for 60 s");
    }

    [Fact]
    public async Task Ejected_KilledASecondLater_IsStillOut()
    {
        using (KeptGateway gateway = Start())
        {
            await gateway.EjectAsync("u", gateway.PutWith("u", Detection, "a.test:80", "b.test:80")[0], 5);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        using KeptGateway again = Start();
        again.PutWith("u", Detection, "a.test:80", "b.test:80")[0].Exclusions.ShouldBe(NodeExclusions.Ejected);
    }

    [Theory]
    [InlineData(-300, true, 30)] // set back: it goes on where it was at the stop
    [InlineData(-601, false, 0)]
    [InlineData(10, true, 20)]
    [InlineData(599, true, 0)]
    [InlineData(601, false, 0)]
    public async Task Ejected_ClockMovedMeanwhile_IsOutNoLongerThanItsTime(int seconds, bool isTaken, int leftSeconds)
    {
        using (KeptGateway gateway = Start())
        {
            await gateway.EjectAsync("u", gateway.PutWith("u", Detection, "a.test:80", "b.test:80")[0], 5);
            gateway.Keeper.Stop();
        }

        var later = new ManualTimeProvider();
        later.Advance(TimeSpan.FromDays(1));
        string today = later.GetUtcNow().AddSeconds(-seconds).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(StateFile, (await File.ReadAllTextAsync(StateFile)).Replace("2026-01-01T00:00:00", today, StringComparison.Ordinal));
        using var again = new KeptGateway(StateFile, later);
        NodeState node = again.PutWith("u", Detection, "a.test:80", "b.test:80")[0];

        node.Exclusions.ShouldBe(isTaken ? NodeExclusions.Ejected : NodeExclusions.None);
        if (!isTaken)
        {
            node.LatestChange.ShouldBe(new NodeChange(later.GetUtcNow(), NodeChangeKind.Returned, "restart", "what was known before the restart is too old"));
            return;
        }

        later.Advance(TimeSpan.FromSeconds(Math.Max(0, leftSeconds - 1)));
        if (leftSeconds > 0)
            node.Exclusions.ShouldBe(NodeExclusions.Ejected);
        later.Advance(TimeSpan.FromSeconds(1.2));
        node.Exclusions.ShouldBe(NodeExclusions.None);
    }

    [Fact]
    public async Task Ejected_DetectionTakenAwayMeanwhile_ReturnsAtTheStartAndSaysSo()
    {
        using (KeptGateway gateway = Start())
        {
            await gateway.EjectAsync("u", gateway.PutWith("u", Detection, "a.test:80", "b.test:80")[0], 5);
            gateway.Keeper.Stop();
        }

        using KeptGateway again = Start();
        NodeState node = again.PutWith("u", "", "a.test:80", "b.test:80")[0];

        node.Exclusions.ShouldBe(NodeExclusions.None);
        node.LatestChange!.Reason.ShouldBe("the upstream has no outlier detection any more");
        again.PutWith("v", Detection, "a.test:80", "b.test:80")[0].Exclusions.ShouldBe(NodeExclusions.None);
    }

    [Fact]
    public async Task Ejected_TheOtherNodesAreGone_TheLimitsBringItBack()
    {
        using (KeptGateway gateway = Start())
        {
            await gateway.EjectAsync("u", gateway.PutWith("u", Detection, "a.test:80", "b.test:80")[0], 5);
            gateway.Keeper.Stop();
        }

        using KeptGateway again = Start();
        NodeState node = again.PutWith("u", Detection, "a.test:80")[0];
        node.Exclusions.ShouldBe(NodeExclusions.None);
        node.LatestChange!.Reason.ShouldBe("fewer nodes may be ejected now");
    }

    [Fact]
    public async Task Idle_NodesEjectedAndOnTrial_TheFileIsNotWrittenMoreOftenThanOnceAMinute()
    {
        const string endless = ""","outlier_detection":{"consecutive_5xx":5,"base_ejection_time":1000,"max_ejection_time":1000}""";
        using KeptGateway gateway = Start();
        await gateway.EjectAsync("u", gateway.PutWith("u", endless, "a.test:80", "b.test:80")[0], 5);
        _time.Advance(TimeSpan.FromSeconds(1.037));
        string first = await File.ReadAllTextAsync(StateFile);
        first.ShouldContain("\"outlier\":{\"ejected\":true,\"why\":\"consecutive5xx\",\"in_row\":1,\"ejected_at\":\"2026-01-01T00:00:00Z\"}");
        _time.Advance(TimeSpan.FromSeconds(50));
        (await File.ReadAllTextAsync(StateFile)).ShouldBe(first);
    }

    [Fact]
    public void WarmingUp_RestartInBetween_GoesOnWhereItWas()
    {
        using (KeptGateway gateway = Start())
        {
            gateway.PutWith("u", WarmUp, "a.test:80");
            gateway.PutWith("u", WarmUp, "a.test:80", "b.test:80")[1].Share.Effective.ShouldBe(1000);
            _time.Advance(TimeSpan.FromSeconds(30));
            gateway.Keeper.Stop();
        }

        _time.Advance(TimeSpan.FromSeconds(20));
        using KeptGateway again = Start();
        IReadOnlyList<NodeState> nodes = again.PutWith("u", WarmUp, "a.test:80", "b.test:80");

        (nodes[0].Share.Effective, nodes[1].Share.Effective).ShouldBe((PickShare.Full, 5000));
        _time.Advance(TimeSpan.FromSeconds(49));
        nodes[1].Share.Effective.ShouldBe(9900);
        _time.Advance(TimeSpan.FromSeconds(1));
        nodes[1].Share.Effective.ShouldBe(PickShare.Full);
        nodes[1].WarmUp.BegunAt.ShouldBeNull();
    }

    [Theory]
    [InlineData(-300, 3000)]
    [InlineData(-601, 10_000)]
    [InlineData(599, 10_000)]
    [InlineData(601, 10_000)]
    public void WarmingUp_ClockMovedMeanwhile_NeverTakesLongerThanItsTime(int seconds, int share)
    {
        using (KeptGateway gateway = Start())
        {
            gateway.PutWith("u", WarmUp, "a.test:80");
            gateway.PutWith("u", WarmUp, "a.test:80", "b.test:80");
            _time.Advance(TimeSpan.FromSeconds(30));
            gateway.Keeper.Stop();
        }

        var later = new ManualTimeProvider();
        later.Advance(TimeSpan.FromDays(1));
        string text = File.ReadAllText(StateFile);
        foreach (int second in (int[])[0, 30])
            text = text.Replace($"2026-01-01T00:00:{second:00}", $"{later.GetUtcNow().AddSeconds(second - 30 - seconds).UtcDateTime:yyyy-MM-ddTHH:mm:ss}", StringComparison.Ordinal);
        File.WriteAllText(StateFile, text);
        using var again = new KeptGateway(StateFile, later);
        NodeState node = again.PutWith("u", WarmUp, "a.test:80", "b.test:80")[1];

        node.Share.Effective.ShouldBe(share);
        later.Advance(TimeSpan.FromSeconds(70));
        node.Share.Effective.ShouldBe(PickShare.Full);
    }

    [Fact]
    public async Task Out_AtTheStop_WarmsUpFromTheBeginningOnceItIsBack()
    {
        const string both = ""","warm_up_conf":{"slow_start_time_seconds":100,"min_weight_percent":20},"outlier_detection":{"consecutive_5xx":5}""";
        using (KeptGateway gateway = Start())
        {
            NodeState ejected = gateway.PutWith("u", both, "a.test:80", "b.test:80")[0];
            await gateway.EjectAsync("u", ejected, 5);
            await Eventually.HoldsAsync(() => ejected.WarmUp.IsOut, "slow start knows that it is out");
            gateway.Keeper.Stop();
        }

        using KeptGateway again = Start();
        NodeState node = again.PutWith("u", both, "a.test:80", "b.test:80")[0];
        node.WarmUp.IsOut.ShouldBeTrue();
        _time.Advance(TimeSpan.FromSeconds(30.2));
        node.WarmUp.BegunAt.ShouldNotBeNull();
        node.Share.Of(PickShareCause.SlowStart).ShouldBe(2000);
    }

    [Fact]
    public void Out_BackBeforeTheStart_WarmsUp_AndWithoutSlowStartIsForgotten()
    {
        const string record = """{"owner":"upstreams/u","host":"a.test","port":80,"warm_up":{},"timeline":[]}""";
        string text = $$"""{"version":1,"written":"{{_time.GetUtcNow().UtcDateTime:O}}","nodes":[{{record}}]}""";
        File.WriteAllText(StateFile, text);
        using (KeptGateway gateway = Start())
            gateway.PutWith("u", WarmUp, "a.test:80")[0].Share.Effective.ShouldBe(1000);

        File.WriteAllText(StateFile, text);
        using KeptGateway without = Start();
        without.PutWith("u", "", "a.test:80")[0].WarmUp.IsOut.ShouldBeFalse();
        without.PutWith("u", WarmUp, "a.test:80")[0].Share.Effective.ShouldBe(PickShare.Full);
    }

    [Theory]
    [InlineData("""{"ejected":true,"why":"bad_mood","in_row":1,"ejected_at":"2026-01-01T00:00:00Z"}""", false, 0)]
    [InlineData("""{"ejected":true,"why":"consecutive5xx","in_row":-7,"ejected_at":"2026-01-01T00:00:00Z"}""", true, 0)]
    [InlineData("""{"ejected":true,"why":"consecutive5xx","in_row":1,"ejected_at":"9999-12-31T00:00:00Z"}""", true, 0)]
    [InlineData("""{"ejected":true,"why":"consecutive5xx","in_row":1,"ejected_at":"0001-01-01T00:00:00Z","returned_at":"0001-01-01T00:00:00Z"}""", true, 0)]
    [InlineData("""{"ejected":true,"why":"consecutive5xx","in_row":1}""", false, 1)]
    [InlineData("""{"ejected":1,"why":"consecutive5xx","in_row":1,"ejected_at":"2026-01-01T00:00:00Z"}""", false, 1)]
    [InlineData("true", false, 1)]
    public void Start_EjectionThatNobodyWrote_DoesNoHarm(string outlier, bool isEjected, int setAside)
    {
        File.WriteAllText(
            StateFile,
            $$"""{"version":1,"written":"{{_time.GetUtcNow().UtcDateTime:O}}","nodes":[{"owner":"upstreams/u","host":"a.test","port":80,"outlier":{{outlier}},"timeline":[]}]}""");
        using KeptGateway gateway = Start();
        NodeState node = gateway.PutWith("u", Detection, "a.test:80", "b.test:80")[0];

        node.Exclusions.ShouldBe(isEjected ? NodeExclusions.Ejected : NodeExclusions.None);
        gateway.Log.Count(line => line.StartsWith("1361 ", StringComparison.Ordinal)).ShouldBe(setAside);
        _time.Advance(TimeSpan.FromSeconds(300.2));
        node.Exclusions.ShouldBe(NodeExclusions.None);
    }

    private KeptGateway Start() => new(StateFile, _time);
}
