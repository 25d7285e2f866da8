using Headgate.Proxy.Plugins.Limits;

namespace Headgate.Proxy.Plugins.LimitCount;

/// <summary>Counts in the memory of this gateway instance.</summary>
internal sealed class LocalCounts : CountStore
{
    private readonly LimitTable<CountWindow> _table;
    private readonly TimeProvider _time;
    private readonly long _began;

    public LocalCounts(LimitCountConfig config, TimeProvider time)
    {
        (_time, _began) = (time, time.GetTimestamp());
        long windowMs = config.WindowSeconds * 1000L;
        int count = config.Count;
        var shape = new FixedWindow.Shape(count, windowMs);
        _table = new LimitTable<CountWindow>(LimitTable<CountWindow>.KeysMax, config.IsSliding ? _ => new SlidingWindow(count, windowMs) : _ => new FixedWindow(shape));
    }

    /// <inheritdoc/>
    public override ValueTask<CountResult> EnterAsync(ReadOnlySpan<byte> key)
    {
        long nowMs = (long)_time.GetElapsedTime(_began).TotalMilliseconds;
        CountResult result;
        do
        {
            result = _table.Get(key, nowMs).Enter(nowMs);
        }
        while (result.Outcome == CountOutcome.Retired);
        return new(result);
    }
}
