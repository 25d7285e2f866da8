using Headgate.Proxy.Plugins.Limits;

namespace Headgate.Proxy.Plugins.ApiBreaker;

/// <summary>Failures and successes of one host and path. Made by its first failure; what works has none.</summary>
internal sealed class BreakerState : LimitState
{
    private const long Never = -1;

    private readonly Lock _gate = new();
    private bool _isRetired;

    // Written under the gate; requests that are to pass read the last one without it.
    private long _failures;
    private int _successes;
    private long _events;
    private long _brokenUntilMs = Never;

    /// <inheritdoc/>
    public override long Stamp => Volatile.Read(ref _events);

    /// <summary>Whether requests are refused.</summary>
    public bool IsBroken(long nowMs) => Volatile.Read(ref _brokenUntilMs) > nowMs;

    /// <summary>A failure; false when this is retired, and another one is to be taken. Every time there are so many again, requests are refused for twice as long.</summary>
    public bool TryFail(ApiBreakerConfig config, long nowMs)
    {
        lock (_gate)
        {
            if (_isRetired)
                return false;
            _events++;
            _failures++;
            _successes = 0;
            if (_failures % config.Failures == 0)
                Volatile.Write(ref _brokenUntilMs, nowMs + (1000L * Math.Min(1L << (int)Math.Min(_failures / config.Failures, 31), config.BreakSecondsMax)));
            return true;
        }
    }

    /// <summary>A success: when there are enough of them, one after the other, the failures are forgotten.</summary>
    public void Succeed(ApiBreakerConfig config)
    {
        lock (_gate)
        {
            _events++;
            if (_failures == 0 || ++_successes < config.Successes)
                return;
            (_failures, _successes) = (0, 0);
            Volatile.Write(ref _brokenUntilMs, Never);
        }
    }

    /// <inheritdoc/>
    public override bool TryRetire(long now, bool always)
    {
        lock (_gate)
            return _isRetired = _failures == 0 || always;
    }
}
