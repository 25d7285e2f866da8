using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Config;
using Headgate.Core.Discovery;
using Headgate.Core.Primitives;

namespace Headgate.Core.Tests.Discovery;

/// <summary>What answers, silence and time do to the instances in use.</summary>
public sealed class DiscoveredServiceTests
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DiscoveryTerms Terms = DiscoveryTerms.Default;
    private readonly DiscoveredService _service = new(new ServiceKey("consul", null, "web", DiscoveryArguments.None), Terms);
    private DateTimeOffset _now = Begin;

    [Fact]
    public void Answer_First_IsUsedWhateverItIs()
    {
        _service.IsKnown.ShouldBeFalse();

        Answer().ShouldBeTrue();

        _service.IsKnown.ShouldBeTrue();
        _service.Instances.ShouldBeEmpty();
        _service.Held.ShouldBeNull();
    }

    [Fact]
    public void Answer_Equal_ChangesNothing()
    {
        Answer(1, 2).ShouldBeTrue();
        Answer(1, 2).ShouldBeFalse();
    }

    [Fact]
    public void Fail_KeepsTheInstancesAndTellsSinceWhen()
    {
        Answer(1, 2);
        After(20);
        _service.Fail("refused", _now);
        DateTimeOffset failed = _now;
        After(10);
        _service.Fail("timed out", _now);

        Hosts().ShouldBe([1, 2]);
        _service.Failure.ShouldBe("timed out");
        _service.FailedAt.ShouldBe(failed);
        _service.AnsweredAt.ShouldBe(failed, "it was listened to until it failed");

        Answer(2);
        _service.Failure.ShouldBeNull();
        _service.FailedAt.ShouldBeNull();
    }

    [Fact]
    public void Answer_Empty_IsBelievedAfterTheHold()
    {
        Answer(1, 2, 3);
        Answer().ShouldBeFalse();
        Hosts().ShouldBe([1, 2, 3]);
        _service.Held.ShouldBe(new HeldRemoval(3, Begin, Begin + Terms.EmptyHold));

        After(29);
        _service.Tick(_now).ShouldBeFalse();
        After(1);
        _service.Tick(_now).ShouldBeTrue();
        _service.Instances.ShouldBeEmpty();
        _service.Held.ShouldBeNull();
    }

    [Fact]
    public void Answer_OneOfTen_HoldsNine()
    {
        Answer([.. Enumerable.Range(1, 10)]);

        Answer(4).ShouldBeFalse();

        Hosts().ShouldBe(Enumerable.Range(1, 10), ignoreOrder: true);
        _service.Held.ShouldBe(new HeldRemoval(9, Begin, Begin + Terms.RemovalHold));
        _service.HeldInstances.Count.ShouldBe(9);
        _service.Instances.Except(_service.HeldInstances).ShouldHaveSingleItem();
        _service.Release(_now).ShouldBeTrue();
        Hosts().ShouldBe([4]);
        _service.HeldInstances.ShouldBeEmpty();
    }

    [Fact]
    public void Answer_HeldOnesComeBack_EndsTheHold()
    {
        Answer([.. Enumerable.Range(1, 10)]);
        Answer(4);
        Answer(1, 2, 3, 4, 5);
        Hosts().ShouldBe([1, 2, 3, 4, 5], "half of ten may vanish");
        _service.Held.ShouldBeNull();
    }

    [Fact]
    public void Answer_HalfOfTen_IsBelieved()
    {
        Answer([.. Enumerable.Range(1, 10)]);
        Answer(1, 2, 3, 4, 5).ShouldBeTrue();
        Hosts().ShouldBe([1, 2, 3, 4, 5]);
    }

    [Fact]
    public void Answer_OneOfThree_IsBelieved()
    {
        Answer(1, 2, 3);
        Answer(2).ShouldBeTrue();
        Hosts().ShouldBe([2]);
    }

    [Fact]
    public void Answer_AllReplaced_IsBelieved()
    {
        Answer([.. Enumerable.Range(1, 10)]);
        Answer([.. Enumerable.Range(11, 10)]).ShouldBeTrue();
        Hosts().ShouldBe(Enumerable.Range(11, 10));
    }

    [Fact]
    public void Answer_NewOnesWhileHeld_AreUsedAtOnce()
    {
        Answer([.. Enumerable.Range(1, 10)]);
        Answer(4);
        Answer(4, 20).ShouldBeTrue();
        Hosts().ShouldBe([.. Enumerable.Range(1, 10), 20], ignoreOrder: true);
        _service.Held!.Missing.ShouldBe(9);
    }

    [Fact]
    public void Answer_EmptyWhileHeld_DoesNotShortenTheHold()
    {
        Answer([.. Enumerable.Range(1, 10)]);
        Answer(4);
        After(100);
        Answer();
        _service.Tick(_now).ShouldBeFalse();
        Hosts().Length.ShouldBe(10);
        _service.Held.ShouldBe(new HeldRemoval(10, Begin, Begin + Terms.RemovalHold));
    }

    [Fact]
    public void Tick_HoldOverWhileTheRegistryIsSilent_WaitsForItsWord()
    {
        Answer([.. Enumerable.Range(1, 10)]);
        Answer(4);
        _service.Fail("refused", _now);
        After(400);
        _service.Tick(_now).ShouldBeFalse();
        Hosts().Length.ShouldBe(10);

        Answer(4);
        _service.Tick(_now).ShouldBeTrue();
        Hosts().ShouldBe([4]);
    }

    [Fact]
    public void Remember_IsUsedUntilThereIsAnAnswer()
    {
        _service.Remember(Instances([.. Enumerable.Range(1, 10)]), Begin - TimeSpan.FromHours(1));
        _service.IsRemembered.ShouldBeTrue();
        Hosts().Length.ShouldBe(10);

        Answer(3).ShouldBeFalse("what is remembered is guarded like what was answered");

        _service.IsRemembered.ShouldBeFalse();
        Hosts().Length.ShouldBe(10);
        _service.Held!.Missing.ShouldBe(9);
    }

    [Fact]
    public void AnyHistory_KeepsTheRules()
    {
        Gen<(int What, int[] Hosts)> step = from what in Gen.Choose(0, 9)
                                            from hosts in Gen.ArrayOf(Gen.Choose(1, 12))
                                            select (what, hosts);
        Prop.ForAll(Gen.ListOf(step).ToArbitrary(), static steps =>
        {
            DateTimeOffset now = Begin;
            var service = new DiscoveredService(new ServiceKey("consul", null, "web", DiscoveryArguments.None), Terms);
            foreach ((int what, int[] hosts) in steps)
            {
                now += TimeSpan.FromSeconds(what * 7);
                EquatableArray<ServiceInstance> before = service.Instances;
                bool changed = Do(service, what, hosts, now);
                (changed || before == service.Instances).ShouldBeTrue("who is told nothing must be right with what he has");
                if (what == 0)
                    service.Instances.ShouldBe(before, "a failure changes nothing");
                if (what > 2)
                    Instances(hosts).ShouldBeSubsetOf(service.Instances, "what the registry tells of is in use");
                (service.Held is null || service.Held.Missing > 0).ShouldBeTrue();
            }
        }).QuickCheckThrowOnFailure();
    }

    private static bool Do(DiscoveredService service, int what, int[] hosts, DateTimeOffset now)
    {
        switch (what)
        {
            case 0:
                service.Fail("silent", now);
                return false;
            case 1:
                return service.Tick(now);
            case 2:
                return service.Held is not null && service.Release(now);
            default:
                return service.Answer(new ServiceAnswer(Instances(hosts)), now);
        }
    }

    private bool Answer(params int[] hosts) => _service.Answer(new ServiceAnswer(Instances(hosts)), _now);

    private void After(int seconds) => _now += TimeSpan.FromSeconds(seconds);

    private int[] Hosts() => [.. _service.Instances.Select(static one => int.Parse(one.Host.Split('.')[3], null)).Order()];

    private static EquatableArray<ServiceInstance> Instances(params int[] hosts)
    {
        var answer = new ServiceAnswerBuilder();
        foreach (int host in hosts.Distinct())
            answer.Add("test", $"10.0.0.{host}", 80, 1);
        return answer.Build().Instances;
    }
}
