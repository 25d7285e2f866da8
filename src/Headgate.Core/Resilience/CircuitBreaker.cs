using Headgate.Core.Config;

namespace Headgate.Core.Resilience;

/// <summary>
/// Refuses an upstream's requests for a while when most of them fail, so that what is behind it can recover and clients need not wait for failures. Closed until, of at least
/// <see cref="CircuitBreakerConfig.RequestVolume"/> requests, <see cref="CircuitBreakerConfig.FailurePercentage"/> or more have failed; then open for
/// <see cref="CircuitBreakerConfig.OpenTime"/>; then half-open: a few trial requests, of which one failure opens and enough successes close it. Nygard, "Release It!", 2007;
/// the terms are Polly's and Hystrix's.
/// <para>Lives as long as the upstream has one, through all edits. Thread-safe; a request with a breaker costs two short locks.</para>
/// </summary>
public sealed class CircuitBreaker
{
    private readonly Lock _lock = new();
    private CircuitState _state;
    private int _epoch;
    private long _sinceMs;

    // Closed: what ended in the present window, which began at _windowMs, and in the one before it.
    private long _windowMs = long.MinValue / 2;
    private (long All, long Failed) _present;
    private (long All, long Failed) _earlier;

    // Half-open.
    private int _trials;
    private int _successes;

    /// <summary>What it does with requests; a request that comes after the open time finds it half-open.</summary>
    public CircuitState State
    {
        get
        {
            lock (_lock)
                return _state;
        }
    }

    /// <summary>A request comes. When it is admitted, exactly one <see cref="OnEnd"/> follows. <paramref name="nowMs"/>: monotonic, of one clock for all callers.</summary>
    public CircuitPass TryEnter(CircuitBreakerConfig config, long nowMs)
    {
        lock (_lock)
        {
            if (_state == CircuitState.Closed)
                return new CircuitPass(_epoch, true, false);

            // A half-open circuit whose trials never end (a download, an event stream) would refuse for ever: after the same time others may try.
            bool isDue = nowMs - _sinceMs >= (long)config.OpenTime.TotalMilliseconds;
            bool isChange = isDue && _state == CircuitState.Open;
            int successes = _successes;
            if (isDue)
                Enter_NeedsLock(CircuitState.HalfOpen, nowMs);
            if (isDue && !isChange)
                _successes = successes; // of trials that did end: requests that come more seldom than the open time must close it too
            if (_state == CircuitState.Open || _trials >= config.HalfOpenRequests - _successes)
                return new CircuitPass(_epoch, false, isChange, SecondsUntilTrial_NeedsLock(config, nowMs));
            _trials++;
            return new CircuitPass(_epoch, true, isChange);
        }
    }

    /// <summary>
    /// What <see cref="TryEnter"/> would say now, and the state that the circuit would be in then. Changes nothing.
    /// </summary>
    public (CircuitState State, CircuitPass Pass) Peek(CircuitBreakerConfig config, long nowMs)
    {
        lock (_lock)
        {
            bool isDue = _state != CircuitState.Closed && nowMs - _sinceMs >= (long)config.OpenTime.TotalMilliseconds;
            CircuitState state = isDue ? CircuitState.HalfOpen : _state;
            bool isAdmitted = isDue || state == CircuitState.Closed || (state == CircuitState.HalfOpen && _trials < config.HalfOpenRequests - _successes);
            return (state, new CircuitPass(_epoch, isAdmitted, isDue && _state == CircuitState.Open, isAdmitted ? 0 : SecondsUntilTrial_NeedsLock(config, nowMs)));
        }
    }

    /// <summary>An admitted request ended. <paramref name="succeeded"/>: null = it says nothing (its client went away). Returns the state that began with it; null = none did.</summary>
    public CircuitState? OnEnd(CircuitBreakerConfig config, CircuitPass pass, bool? succeeded, long nowMs)
    {
        lock (_lock)
        {
            if (pass.Epoch != _epoch)
                return null;
            return _state == CircuitState.Closed ? Count_NeedsLock(config, succeeded, nowMs) : EndTrial_NeedsLock(config, succeeded, nowMs);
        }
    }

    /// <summary>1 while it is half-open: a trial may end, and with it the refusing, at any time.</summary>
    private int SecondsUntilTrial_NeedsLock(CircuitBreakerConfig config, long nowMs)
    {
        long leftMs = _state == CircuitState.Open ? (long)config.OpenTime.TotalMilliseconds - (nowMs - _sinceMs) : 0;
        return (int)Math.Max(1, (leftMs + 999) / 1000);
    }

    private CircuitState? Count_NeedsLock(CircuitBreakerConfig config, bool? succeeded, long nowMs)
    {
        if (succeeded is not { } success)
            return null;
        long windowMs = (long)config.Window.TotalMilliseconds;
        if (nowMs - _windowMs >= windowMs)
        {
            _earlier = nowMs - _windowMs >= 2 * windowMs ? default : _present;
            (_windowMs, _present) = (nowMs, default);
        }

        _present.All++;
        if (success)
            return null;
        _present.Failed++;
        long all = _present.All + _earlier.All;
        bool opens = all >= config.RequestVolume && (_present.Failed + _earlier.Failed) * 100 >= all * config.FailurePercentage;
        return opens ? Enter_NeedsLock(CircuitState.Open, nowMs) : null;
    }

    private CircuitState? EndTrial_NeedsLock(CircuitBreakerConfig config, bool? succeeded, long nowMs)
    {
        _trials--;
        if (succeeded is not { } success)
            return null;
        if (!success)
            return Enter_NeedsLock(CircuitState.Open, nowMs);
        return ++_successes >= config.HalfOpenRequests ? Enter_NeedsLock(CircuitState.Closed, nowMs) : null;
    }

    private CircuitState Enter_NeedsLock(CircuitState state, long nowMs)
    {
        (_state, _sinceMs) = (state, nowMs);
        _epoch++;
        (_trials, _successes) = (0, 0);
        (_present, _earlier, _windowMs) = (default, default, long.MinValue / 2);
        return state;
    }
}
