using Headgate.Core.Config;
using Headgate.Core.Resilience;
using Headgate.Testing;

namespace Headgate.Core.Tests.Resilience;

public sealed class CircuitBreakerTests
{
    private static readonly CircuitBreakerConfig Config = new() { RequestVolume = 10, HalfOpenRequests = 2 };

    private readonly CircuitBreaker _breaker = new();
    private long _now = 5_000;

    [Fact]
    public void OnEnd_FewerRequestsThanTheVolume_StaysClosed()
    {
        for (int i = 0; i < 9; i++)
            Ask(false).ShouldBe(null);
        _breaker.State.ShouldBe(CircuitState.Closed);
    }

    [Fact]
    public void OnEnd_HalfOfTheVolumeFailed_Opens()
    {
        for (int i = 0; i < 9; i++)
            Ask(i % 2 == 0);
        Ask(false).ShouldBe(CircuitState.Open);
        Enter().IsAdmitted.ShouldBeFalse();
    }

    [Fact]
    public void OnEnd_FewerThanThePercentageFailed_StaysClosed()
    {
        for (int i = 0; i < 1000; i++)
            Ask(i % 5 < 3).ShouldBe(null);
    }

    [Fact]
    public void OnEnd_RequestsThatSayNothing_AreNotCounted()
    {
        for (int i = 0; i < 100; i++)
            Ask(null).ShouldBe(null);
        for (int i = 0; i < 9; i++)
            Ask(false).ShouldBe(null);
    }

    [Fact]
    public void OnEnd_FailuresFurtherApartThanTwoWindows_AreForgotten()
    {
        for (int i = 0; i < 9; i++)
            Ask(false);
        _now += 20_000;
        Ask(false).ShouldBe(null);
    }

    [Fact]
    public void OnEnd_FailuresOfTheWindowBefore_Count()
    {
        for (int i = 0; i < 9; i++)
            Ask(false);
        _now += 10_000;
        Ask(false).ShouldBe(CircuitState.Open);
    }

    [Fact]
    public void TryEnter_OpenTimePassed_LetsTrialsThroughAndNoMore()
    {
        Open();
        _now += 4_999;
        Enter().IsAdmitted.ShouldBeFalse();
        _now += 1;
        Enter().ShouldSatisfyAllConditions(pass => pass.IsAdmitted.ShouldBeTrue(), pass => pass.IsChange.ShouldBeTrue());
        Enter().ShouldSatisfyAllConditions(pass => pass.IsAdmitted.ShouldBeTrue(), pass => pass.IsChange.ShouldBeFalse());
        Enter().IsAdmitted.ShouldBeFalse();
        _breaker.State.ShouldBe(CircuitState.HalfOpen);
    }

    [Fact]
    public void TryEnter_Refused_SaysInHowManySecondsTrialsMayPass()
    {
        Enter().RetryAfterSeconds.ShouldBe(0);
        Open();
        Enter().RetryAfterSeconds.ShouldBe(5);
        _now += 1;
        Enter().RetryAfterSeconds.ShouldBe(5);
        _now += 3_999;
        Enter().RetryAfterSeconds.ShouldBe(1);
        _now += 999;
        Enter().RetryAfterSeconds.ShouldBe(1);
        _now += 1;
        Enter().RetryAfterSeconds.ShouldBe(0);
        Enter().RetryAfterSeconds.ShouldBe(0);
        Enter().ShouldSatisfyAllConditions(pass => pass.IsAdmitted.ShouldBeFalse(), pass => pass.RetryAfterSeconds.ShouldBe(1));
    }

    [Fact]
    public void Peek_AtAnyTime_SaysWhatTryEnterWouldAndChangesNothing()
    {
        PeekAndEnter(CircuitState.Closed);
        Open();
        foreach (int ms in (int[])[0, 4_000, 999])
        {
            _now += ms;
            PeekAndEnter(CircuitState.Open);
        }

        _now += 1;
        _breaker.Peek(Config, _now).State.ShouldBe(CircuitState.HalfOpen);
        _breaker.State.ShouldBe(CircuitState.Open);
        for (int i = 0; i < 3; i++)
            PeekAndEnter(CircuitState.HalfOpen);
        _now += 5_000;
        PeekAndEnter(CircuitState.HalfOpen);

        void PeekAndEnter(CircuitState state)
        {
            (CircuitState foretold, CircuitPass pass) = _breaker.Peek(Config, _now);
            _breaker.Peek(Config, _now).ShouldBe((foretold, pass));
            foretold.ShouldBe(state);
            CircuitPass entered = Enter();
            (pass.IsAdmitted, pass.IsChange, pass.RetryAfterSeconds).ShouldBe((entered.IsAdmitted, entered.IsChange, entered.RetryAfterSeconds));
        }
    }

    [Fact]
    public void OnEnd_TrialsSucceeded_ClosesAndBeginsAnew()
    {
        Open();
        _now += 5_000;
        Ask(true).ShouldBe(null);
        Ask(true).ShouldBe(CircuitState.Closed);
        for (int i = 0; i < 9; i++)
            Ask(false).ShouldBe(null);
    }

    [Fact]
    public void OnEnd_TrialsMoreSeldomThanTheOpenTime_CloseItAllTheSame()
    {
        Open();
        _now += 5_000;
        Ask(true).ShouldBe(null);
        _now += 60_000;
        Ask(true).ShouldBe(CircuitState.Closed);
    }

    [Fact]
    public void OnEnd_TrialFailed_OpensForTheWholeTime()
    {
        Open();
        _now += 5_000;
        Ask(true);
        Ask(false).ShouldBe(CircuitState.Open);
        _now += 4_999;
        Enter().IsAdmitted.ShouldBeFalse();
        _now += 1;
        Enter().IsAdmitted.ShouldBeTrue();
    }

    [Fact]
    public void OnEnd_TrialThatSaysNothing_GivesItsPlaceToAnother()
    {
        Open();
        _now += 5_000;
        CircuitPass first = Enter();
        Enter();
        Enter().IsAdmitted.ShouldBeFalse();
        _breaker.OnEnd(Config, first, null, _now).ShouldBe(null);
        Enter().IsAdmitted.ShouldBeTrue();
    }

    [Fact]
    public void TryEnter_TrialsThatNeverEnd_AreReplacedAfterTheOpenTime()
    {
        Open();
        _now += 5_000;
        Enter();
        CircuitPass stuck = Enter();
        _now += 5_000;
        CircuitPass fresh = Enter();
        fresh.IsAdmitted.ShouldBeTrue();
        _breaker.OnEnd(Config, stuck, false, _now).ShouldBe(null); // of a state that is over
        _breaker.OnEnd(Config, fresh, true, _now);
        Ask(true).ShouldBe(CircuitState.Closed);
    }

    [Fact]
    public void OnEnd_RequestsFromBeforeItOpened_SayNothingAboutTheTrials()
    {
        CircuitPass early = Enter();
        Open();
        _now += 5_000;
        _breaker.OnEnd(Config, early, false, _now).ShouldBe(null);
        Ask(true);
        _breaker.State.ShouldBe(CircuitState.HalfOpen);
    }

    // Against random outcomes and times: never more trials at once than allowed, open exactly as long as it says, and closed only after enough successes.
    [Fact]
    public void AnySchedule_KeepsItsRules()
    {
        var random = new Random(TestSeed.Value);
        var running = new List<CircuitPass>();
        long openedAt = 0;
        int successes = 0;
        int epoch = 0;
        for (int i = 0; i < 20_000; i++)
        {
            _now += random.Next(200);
            CircuitState before = _breaker.State;
            if (running.Count == 0 || random.Next(2) == 0)
            {
                CircuitPass pass = Enter();
                if (before == CircuitState.Open)
                    pass.IsAdmitted.ShouldBe(_now - openedAt >= 5_000, $"seed {TestSeed.Value}, step {i}");
                if (pass.IsAdmitted)
                    running.Add(pass);
                if (pass.Epoch != epoch)
                    (epoch, successes) = (pass.Epoch, before == CircuitState.HalfOpen ? successes : 0);
                if (_breaker.State == CircuitState.HalfOpen)
                    running.Count(trial => trial.Epoch == epoch).ShouldBeLessThanOrEqualTo(Config.HalfOpenRequests);
                continue;
            }

            CircuitPass ended = running[random.Next(running.Count)];
            running.Remove(ended);
            bool succeeded = random.Next(100) < 60;
            successes += succeeded && ended.Epoch == epoch ? 1 : 0;
            switch (_breaker.OnEnd(Config, ended, succeeded, _now))
            {
                case CircuitState.Open:
                    succeeded.ShouldBeFalse();
                    openedAt = _now;
                    break;
                case CircuitState.Closed:
                    before.ShouldBe(CircuitState.HalfOpen);
                    successes.ShouldBe(Config.HalfOpenRequests);
                    break;
            }
        }
    }

    private CircuitPass Enter() => _breaker.TryEnter(Config, _now);

    private CircuitState? Ask(bool? succeeds)
    {
        CircuitPass pass = Enter();
        pass.IsAdmitted.ShouldBeTrue();
        return _breaker.OnEnd(Config, pass, succeeds, _now);
    }

    private void Open()
    {
        while (_breaker.State == CircuitState.Closed)
            Ask(false);
    }
}
