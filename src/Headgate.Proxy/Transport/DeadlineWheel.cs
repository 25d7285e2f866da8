namespace Headgate.Proxy.Transport;

/// <summary>
/// Watches many deadlines that move with every request and are hardly ever reached. Moving one is a plain write to
/// <see cref="IDeadlineTarget.DeadlineMs"/>; the wheel visits a target only when the deadline it last saw there has come, and then
/// either fires it or files it under the new one.
/// </summary>
public sealed class DeadlineWheel : IDisposable
{
    /// <summary>Deadlines nearer than this need <see cref="Add"/>: a watched target is looked at no less often than once a second.</summary>
    private const long NearMs = 1_000;

    /// <summary>Monotonic milliseconds since some moment, never 0; advances with every tick (10 ms). Cheap to read.</summary>
    public long NowMs => throw new NotSupportedException("written by the upstream slice");

    /// <summary>
    /// Starts to watch <paramref name="target"/> until <see cref="Remove"/>. A watched target is looked at no later than a second after the last look,
    /// so a deadline that is set a second or more ahead fires within a tick of its time without telling the wheel; call this again
    /// after setting one that is nearer than that.
    /// </summary>
    public void Add(IDeadlineTarget target) => throw new NotSupportedException("written by the upstream slice");

    /// <summary>Stops watching <paramref name="target"/>. Idempotent.</summary>
    public void Remove(IDeadlineTarget target) => throw new NotSupportedException("written by the upstream slice");

    /// <summary>Sets the reading deadline of a watched connection to <paramref name="timeout"/> from now. Never allocates.</summary>
    public void SetRead(TransportConnection connection, TimeSpan timeout)
    {
        long ms = Math.Max(1, timeout.Ticks / TimeSpan.TicksPerMillisecond);
        connection.DeadlineMs = NowMs + ms;
        if (ms <= NearMs)
            Add(connection);
    }

    /// <summary>Sets the writing deadline of a watched connection to <paramref name="timeout"/> from now. Never allocates.</summary>
    public void SetWrite(TransportConnection connection, TimeSpan timeout)
    {
        long ms = Math.Max(1, timeout.Ticks / TimeSpan.TicksPerMillisecond);
        connection.WriteDeadlineMs = NowMs + ms;
        if (ms <= NearMs)
            Add(connection);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
