using Headgate.Control.Instances;
using Headgate.Control.Line;
using Headgate.Core.Snapshot;
using Headgate.Store;
using Headgate.Testing;

namespace Headgate.Control.Tests.Instances;

/// <summary>How an instance is, by what it told and when.</summary>
public sealed class InstanceStateTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly GroupRevisions _group;
    private readonly Instance _instance;
    private readonly PlayedLine _line = new();

    public InstanceStateTests()
    {
        _group = new GroupRevisions(_clock);
        _instance = new Instance(PlayedLine.Identity("gw-1"), _clock.GetUtcNow(), hasLeft: false, _clock, static () => { });
        _instance.Come(_instance.Identity, _line, isLocal: false);
        Write(7, "a");
    }

    [Theory]
    [InlineData(0, "Healthy", null)]
    [InlineData(30, "Healthy", null)]
    [InlineData(30.1, "LostConnection", "not heard for 30 s")]
    [InlineData(7200, "LostConnection", "not heard for 7200 s")]
    [InlineData(7200.1, "Offline", "not heard since 2026-01-01 00:00:00Z")]
    public void Silence_CountsFromTheLastReport(double seconds, string state, string? reason)
    {
        Report(7);
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        ShouldBe(state, reason);
        _instance.IsHeard.ShouldBe(seconds <= 30);
        Report(7);
        ShouldBe("Healthy", null);
    }

    [Fact]
    public void OlderRevision_IsOutOfSync_AfterTheGrace()
    {
        Report(7);
        Write(8, "b");
        _clock.Advance(TimeSpan.FromSeconds(5));
        Report(7, "a");
        ShouldBe("Healthy", null);
        _instance.BehindFor(_group).ShouldBe(TimeSpan.FromSeconds(5));

        _clock.Advance(TimeSpan.FromSeconds(0.1));
        ShouldBe("OutOfSync", "it runs revision 7, the store has 8");
        Write(9, "c"); // a newer one does not begin the time anew
        ShouldBe("OutOfSync", "it runs revision 7, the store has 9");
        Report(8, "b");
        ShouldBe("Healthy", null); // it is one behind, for no time
        Report(9, "c");
        _instance.BehindFor(_group).ShouldBeNull();
    }

    [Fact]
    public void OtherContent_IsOutOfSync_AlthoughTheRevisionIsTheSame()
    {
        Report(7, "other");
        _clock.Advance(TimeSpan.FromSeconds(5.1));
        ShouldBe("OutOfSync", "it runs revision 7 with other content than the store has");
    }

    [Fact]
    public void SameContent_IsHealthy_WhateverTheNumber()
    {
        Report(3); // what was written since concerned nothing that instances run
        _clock.Advance(TimeSpan.FromSeconds(20));
        ShouldBe("Healthy", null);
        _instance.HasReached(7, _group.Newest).ShouldBeTrue();
        _instance.HasReached(8, _group.Newest).ShouldBeFalse();
    }

    [Fact]
    public void NewerThanThisControlPlaneKnows_IsHealthy()
    {
        Report(8, "b");
        _clock.Advance(TimeSpan.FromSeconds(20));
        ShouldBe("Healthy", null);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3600)] // its clock is ahead
    [InlineData(-3600)]
    public void FailingStore_IsOutOfSync_AfterTheGrace_ByThisClock(int clockSeconds)
    {
        DateTimeOffset since = _clock.GetUtcNow().AddSeconds(clockSeconds);
        Report(7, failing: since);
        ShouldBe("Healthy", null);
        _clock.Advance(TimeSpan.FromSeconds(5.1));
        Report(7, failing: since);
        ShouldBe("OutOfSync", $"it cannot follow its store since {since:u}: connection refused");
        Report(7);
        ShouldBe("Healthy", null);
    }

    [Fact]
    public void Stopped_IsOfflineAtOnce_AndNotWhenItHasAnotherLine()
    {
        Report(7);
        _instance.Lose(new PlayedLine(), hasLeft: true).ShouldBeFalse();
        ShouldBe("Healthy", null);
        _instance.Lose(_line, hasLeft: true).ShouldBeTrue();
        ShouldBe("Offline", "it has stopped");
        (_instance.IsHeard, _instance.Traffic).ShouldBe((false, null));

        _instance.Come(_instance.Identity, _line, isLocal: false);
        ShouldBe("Healthy", null);
    }

    [Fact]
    public void NothingIsKnownOfTheStore_NobodyIsOutOfSync()
    {
        Report(1, "x");
        _clock.Advance(TimeSpan.FromSeconds(20));
        _instance.StateNow(new GroupRevisions(_clock)).State.ShouldBe(InstanceState.Healthy);
    }

    [Fact]
    public void Sightings_FollowReports_AFullOneReplacesAll()
    {
        var down = new NodeSighting("upstreams/1", "a:80", "down", ["unhealthy"]);
        var forced = new NodeSighting("upstreams/1", "b:80", "up", ["unhealthy"]);
        _instance.Take(Reported(7) with { IsFull = true, Nodes = [down, forced] });
        _instance.Sightings.Count.ShouldBe(2);
        _instance.Take(Reported(7) with { Nodes = [down with { State = "up", Exclusions = [] }] });
        _instance.Sightings.ShouldBe([forced]);
        (_instance.Sighting("upstreams/1", "b:80"), _instance.Sighting("upstreams/1", "a:80")).ShouldBe((forced, null));
        _instance.Take(Reported(7) with { IsFull = true });
        _instance.Sightings.ShouldBeEmpty();
    }

    [Fact]
    public void Traffic_StaysUntilTheNext_AndComesInPieces()
    {
        var traffic = new TrafficReport(new Dictionary<string, double> { ["1"] = 2 }, [new NodeTraffic("upstreams/1", "a:80", 2, 0)]);
        _instance.Take(Reported(7) with { Traffic = traffic });
        _instance.Take(Reported(7) with { MoreTraffic = [new NodeTraffic("upstreams/1", "b:80", 1, 1)] });
        _instance.Take(Reported(7));
        _instance.Traffic!.Nodes.Select(static node => node.Node).ShouldBe(["a:80", "b:80"]);
        _instance.Traffic.Upstreams.ShouldBeNull(); // of an older version
        _instance.Take(Reported(7) with { Traffic = traffic with { Upstreams = [new UpstreamTraffic("1", "upstreams/1", 2, 0, [])] } });
        _instance.Take(Reported(7) with { MoreUpstreams = [new UpstreamTraffic("2", "upstreams/1", 2, 0, [])] });
        _instance.Traffic.Nodes.Count.ShouldBe(1);
        _instance.Traffic.Upstreams.ShouldNotBeNull().Select(static one => one.Route).ShouldBe(["1", "2"]);
        _clock.Advance(TimeSpan.FromSeconds(31));
        _instance.Traffic.ShouldBeNull();
    }

    [Fact]
    public void Passed_IsWhenTheNextRevisionWasLearnt()
    {
        DateTimeOffset seventh = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Write(9, "b");
        DateTimeOffset ninth = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Write(12, "c");
        (_group.PassedAt(-1), _group.PassedAt(6), _group.PassedAt(7), _group.PassedAt(8)).ShouldBe((seventh, seventh, ninth, ninth));
        (_group.PassedAt(11), _group.PassedAt(12)).ShouldBe((_clock.GetUtcNow(), null));

        StoreView same = new(20, [Entry("c", 12)]);
        _group.Load(same); // a re-read without a difference is nothing new
        _group.Newest!.Revision.ShouldBe(12);
        _group.Load(new StoreView(21, [Entry("d", 21)]));
        _group.Newest.Revision.ShouldBe(21);
        for (int i = 22; i < 3000; i++)
            Write(i, $"{i}");
        _group.PassedAt(7).ShouldNotBeNull();
    }

    private static StoreEntry Entry(string value, long revision) => new("/apisix/routes/1", System.Text.Encoding.UTF8.GetBytes(value), 1, revision);

    private static string Digest(string value)
    {
        var digest = new ConfigDigest();
        digest.Set(Entry(value, 1));
        return digest.Text;
    }

    private static InstanceReport Reported(long revision, string content = "a") => new(new RunningConfiguration(revision, Digest(content)));

    private void Write(long revision, string value) => _group.Apply(new StoreRevision(revision, [new StoreChange("/apisix/routes/1", Entry(value, revision))]));

    private void Report(long revision, string content = "a", DateTimeOffset? failing = null) =>
        _instance.Take(new InstanceReport(new RunningConfiguration(revision, Digest(content)) { FailingSince = failing, Failure = failing is null ? null : "connection refused" }));

    private void ShouldBe(string state, string? reason)
    {
        (InstanceState now, string? why) = _instance.StateNow(_group);
        (now.ToString(), why).ShouldBe((state, reason));
    }
}
