using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Probes;

/// <summary>
/// Probes that the gateway had no socket for, which say nothing about their nodes: counted, and told to the operator at once, then at most once in
/// <see cref="ToldEvery"/> for as long as there are any. Thread-safe, never blocks.
/// </summary>
internal sealed class MissedProbes(TimeProvider time, ILogger logger)
{
    /// <summary>With a thousand nodes a line for each would hide the rest of the log.</summary>
    public static readonly TimeSpan ToldEvery = TimeSpan.FromMinutes(1);

    private readonly long _start = time.GetTimestamp();
    private long _count;
    private long _told;

    // When the next line may come, in ticks since the start. Whoever moves it writes the line.
    private long _dueTicks;

    /// <summary>How many there were.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>A probe of a node was missed. The line is written on the thread pool: probes run on a loop that never waits.</summary>
    public void Add(ProbedNode node)
    {
        Interlocked.Increment(ref _count);
        long now = time.GetElapsedTime(_start).Ticks;
        long due = Volatile.Read(ref _dueTicks);
        if (now >= due && Interlocked.CompareExchange(ref _dueTicks, now + ToldEvery.Ticks, due) == due)
            ThreadPool.UnsafeQueueUserWorkItem(static missed => missed.Self.Tell(missed.Node), (Self: this, Node: node), preferLocal: false);
    }

    private void Tell(ProbedNode node)
    {
        long count = Count;
        long untold = count - Interlocked.Exchange(ref _told, count);
        HealthLog.ProbesMissed(logger, untold, node.State.Key.Host, node.State.Key.Port, node.State.Key.Owner);
    }
}
