namespace Headgate.Testing;

/// <summary>A clock whose timers and spans run ahead twenty times, for what would wait for seconds on a real one; the time of day is the real one, as that of files is.</summary>
public sealed class QuickTimeProvider : TimeProvider
{
    private const int Factor = 20;

    /// <inheritdoc/>
    public override long TimestampFrequency => base.TimestampFrequency / Factor;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, Quick(dueTime), Quick(period));

    private static TimeSpan Quick(TimeSpan span) => span == Timeout.InfiniteTimeSpan ? span : span / Factor;
}
