using Headgate.Core.Upstreams;

namespace Headgate.Proxy.Restart;

/// <summary>Where a node stood in its slow start.</summary>
/// <param name="BegunAt">When the warming up began; null = the node was out, and warms up from the beginning once it is back.</param>
internal sealed record WarmUpRecord(DateTimeOffset? BegunAt)
{
    /// <summary>The record of a clock; null for that of a warm node.</summary>
    public static WarmUpRecord? Of(in WarmUpClock clock) =>
        clock.BegunAt is { } begun ? new WarmUpRecord(begun) : clock.IsOut ? new WarmUpRecord(BegunAt: null) : null;

    /// <summary>
    /// Puts it into a clock. <paramref name="now"/> is what the clock says, <paramref name="reached"/> the latest time that is known to have come: when the clock was set back,
    /// a node goes on where it was at the stop.
    /// </summary>
    public void Restore(ref WarmUpClock clock, DateTimeOffset now, DateTimeOffset reached)
    {
        if (BegunAt is not { } begun)
            clock.Stop();
        else
            clock.BegunAt = begun < reached ? now - (reached - begun) : now;
    }
}
