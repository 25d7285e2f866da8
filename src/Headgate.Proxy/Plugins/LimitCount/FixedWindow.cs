using System.Numerics;

namespace Headgate.Proxy.Plugins.LimitCount;

/// <summary>
/// A window that begins with its first request and is followed by the next one's. Its whole state is one number, so that threads count in it without a lock: the time of its end,
/// and in the low bits how many have come.
/// </summary>
internal sealed class FixedWindow(FixedWindow.Shape shape) : CountWindow
{
    private const long RetiredMark = -1;

    // 0: a window that ended when the clock began.
    private long _state;

    /// <inheritdoc/>
    public override long Stamp => Volatile.Read(ref _state);

    /// <inheritdoc/>
    public override CountResult Enter(long nowMs)
    {
        long seen = Volatile.Read(ref _state);
        while (seen != RetiredMark)
        {
            (long endMs, int used) = shape.Read(seen);
            if (nowMs >= endMs)
                (endMs, used) = (shape.EndOf(nowMs), 0);
            if (used >= shape.Count)
                return new CountResult(CountOutcome.Refused, 0, endMs - nowMs);
            long present = Interlocked.CompareExchange(ref _state, shape.Write(endMs, used + 1), seen);
            if (present == seen)
                return new CountResult(CountOutcome.Admitted, shape.Count - used - 1, endMs - nowMs);
            seen = present;
        }

        return new CountResult(CountOutcome.Retired, 0, 0);
    }

    /// <inheritdoc/>
    public override bool TryRetire(long now, bool always)
    {
        long seen = Volatile.Read(ref _state);
        return (always || now >= shape.Read(seen).EndMs) && Interlocked.CompareExchange(ref _state, RetiredMark, seen) == seen;
    }

    /// <summary>How count and end share the number. Immutable.</summary>
    internal sealed class Shape
    {
        // 35 years: no gateway runs longer.
        private const long ClockMsMax = 1L << 40;

        private readonly int _countBits;
        private readonly long _windowMs;
        private readonly long _unitMs = 1;

        /// <summary>Of windows of <paramref name="windowMs"/> milliseconds with at most <paramref name="count"/> requests each, both from 1.</summary>
        public Shape(int count, long windowMs)
        {
            (Count, _windowMs) = (count, windowMs);
            _countBits = BitOperations.Log2((uint)count) + 1;

            // Where the count needs so many bits that an end in milliseconds has none (above 4 million), ends are rounded up: a window lasts longer, never shorter.
            while ((ClockMsMax + windowMs) / _unitMs >> (63 - _countBits) != 0)
                _unitMs *= 2;
        }

        /// <summary>Requests in a window.</summary>
        public int Count { get; }

        public long EndOf(long beginMs) => (beginMs + _windowMs + _unitMs - 1) / _unitMs * _unitMs;

        public (long EndMs, int Used) Read(long state) => ((state >> _countBits) * _unitMs, (int)(state & ((1L << _countBits) - 1)));

        public long Write(long endMs, int used) => (endMs / _unitMs << _countBits) | (uint)used;
    }
}
