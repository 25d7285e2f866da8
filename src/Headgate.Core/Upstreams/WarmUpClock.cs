namespace Headgate.Core.Upstreams;

/// <summary>
/// Where a node stands in its slow start: warm, warming up since a time, or out and to warm up when it comes back. One word, of the wall clock, so that it can be kept over a
/// restart. Single writer: slow start; read by any thread.
/// </summary>
public struct WarmUpClock
{
    private const long Out = -1;

    // UTC ticks; 0 = warm.
    private long _begun;

    /// <summary>When the warming up began; null while the node is warm, or out.</summary>
    public DateTimeOffset? BegunAt
    {
        readonly get => Volatile.Read(in _begun) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        set => Volatile.Write(ref _begun, value?.UtcTicks ?? 0);
    }

    /// <summary>Whether the node gets no requests now and warms up from the beginning once it does.</summary>
    public readonly bool IsOut => Volatile.Read(in _begun) == Out;

    /// <summary>The node is out: what it had warmed up is cold again.</summary>
    public void Stop() => Volatile.Write(ref _begun, Out);
}
