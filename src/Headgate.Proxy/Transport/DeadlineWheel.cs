namespace Headgate.Proxy.Transport;

/// <summary>
/// Watches many deadlines that move with every request and are hardly ever reached. Moving one is a plain write to
/// <see cref="IDeadlineTarget.DeadlineMs"/>; the wheel visits a target only when the deadline it last saw there has come, and then
/// either fires it or files it under the new one.
/// </summary>
public sealed class DeadlineWheel : IDisposable
{
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

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
