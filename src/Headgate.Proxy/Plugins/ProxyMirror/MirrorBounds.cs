using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins.ProxyMirror;

/// <summary>
/// How many copies of requests may be under way, and how many bytes of bodies they may hold, in the whole gateway: what is more is dropped, so that a server which takes them slowly
/// costs memory up to a bound and nothing else. Keeps copies for further requests. Thread-safe.
/// </summary>
internal sealed class MirrorBounds(ILogger logger, TimeProvider time, int underWayMax = MirrorBounds.UnderWayMax, long bytesMax = MirrorBounds.BytesMax)
{
    /// <summary>Copies under way.</summary>
    public const int UnderWayMax = 1024;

    /// <summary>Bytes of their bodies: 64 MiB.</summary>
    public const long BytesMax = 67_108_864;

    private const int KeptMax = 64;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<MirrorCopy> _kept = new();
    private int _underWay;
    private long _bytes;
    private long _dropped;
    private long _reported;

    // When drops were last logged, in ticks of the clock; 0 = never.
    private long _reportedAt;

    /// <summary>Copies that were dropped so far.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Copies that are under way.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Bytes that they hold.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>An empty copy; null when too many are under way. <see cref="End"/> is called once for it.</summary>
    public MirrorCopy? TryBegin(MirrorTarget target)
    {
        if (Interlocked.Increment(ref _underWay) <= underWayMax)
            return _kept.TryDequeue(out MirrorCopy? kept) ? kept : new MirrorCopy(this);
        Interlocked.Decrement(ref _underWay);
        Drop(target);
        return null;
    }

    /// <summary>Whether so many bytes more may be held.</summary>
    public bool TryHold(int bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= bytesMax)
            return true;
        Interlocked.Add(ref _bytes, -bytes);
        return false;
    }

    /// <summary>A copy is done with, which has held so many bytes; it may serve another request.</summary>
    public void End(MirrorCopy copy, int bytes)
    {
        Interlocked.Add(ref _bytes, -bytes);
        Interlocked.Decrement(ref _underWay);
        if (_kept.Count < KeptMax)
            _kept.Enqueue(copy);
    }

    /// <summary>A request is not copied.</summary>
    public void Drop(MirrorTarget target)
    {
        long dropped = Interlocked.Increment(ref _dropped);
        long now = time.GetUtcNow().Ticks, last = Volatile.Read(ref _reportedAt);
        if ((last != 0 && now - last < ReportInterval.Ticks) || Interlocked.CompareExchange(ref _reportedAt, now, last) != last)
            return;
        long since = dropped - Interlocked.Exchange(ref _reported, dropped);
        MirrorLog.CopiesDropped(logger, since, target.Name);
    }
}
