namespace Headgate.Proxy.Plugins.LimitCount;

/// <summary>
/// The last window of time at every moment, cut into slices. A request is forgotten with its whole slice once that lies before the window: up to a slice later than it could be,
/// never earlier, so that no window of that length, wherever it begins, has more requests than are allowed. Source: the sliding window counter, with sums of slices in place of a
/// weighted previous window, which lets more through when requests come in bursts.
/// </summary>
internal sealed class SlidingWindow(int count, long windowMs) : CountWindow
{
    /// <summary>Slices of a window.</summary>
    public const int Slices = 32;

    // A window that begins within a slice reaches into one more.
    private const int Kept = Slices + 1;

    // All under this object's lock, which is held for some ten nanoseconds, and for a key of its own.
    private readonly int[] _entered = new int[Kept];
    private long _slice;
    private int _used;
    private long _lastMs;
    private bool _isRetired;

    /// <inheritdoc/>
    public override long Stamp => Volatile.Read(ref _lastMs);

    /// <inheritdoc/>
    public override CountResult Enter(long nowMs)
    {
        lock (_entered)
        {
            if (_isRetired)
                return new CountResult(CountOutcome.Retired, 0, 0);
            Advance_NeedsLock(nowMs);
            if (_used >= count)
                return new CountResult(CountOutcome.Refused, 0, ResetMs_NeedsLock(nowMs));
            _entered[_slice % Kept]++;
            _used++;
            Volatile.Write(ref _lastMs, nowMs);
            return new CountResult(CountOutcome.Admitted, count - _used, ResetMs_NeedsLock(nowMs));
        }
    }

    /// <inheritdoc/>
    public override bool TryRetire(long now, bool always)
    {
        lock (_entered)
        {
            Advance_NeedsLock(now);
            return _isRetired = _used == 0 || always;
        }
    }

    /// <summary>Forgets what lies before the window. Who read the clock before another thread counts where that one is.</summary>
    private void Advance_NeedsLock(long nowMs)
    {
        long slice = nowMs * Slices / windowMs;
        for (long steps = Math.Min(slice - _slice, Kept), i = 1; i <= steps; i++)
        {
            ref int entered = ref _entered[(_slice + i) % Kept];
            _used -= entered;
            entered = 0;
        }

        _slice = Math.Max(slice, _slice);
    }

    /// <summary>Until the oldest slice with requests is forgotten; there is one.</summary>
    private long ResetMs_NeedsLock(long nowMs)
    {
        long oldest = Math.Max(0, _slice - Slices);
        while (_entered[oldest % Kept] == 0)
            oldest++;
        return ((((oldest + Kept) * windowMs) + Slices - 1) / Slices) - nowMs;
    }
}
