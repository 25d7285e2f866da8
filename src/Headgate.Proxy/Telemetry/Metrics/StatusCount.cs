namespace Headgate.Proxy.Telemetry.Metrics;

/// <summary>Requests of one status: a link of a chain that grows at its end and never shrinks. Few routes see more than three.</summary>
internal sealed class StatusCount(int status)
{
    private StatusCount? _next;
    private long _count;

    /// <summary>The status.</summary>
    public int Status => status;

    /// <summary>How many there were.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The next one; null = this is the last.</summary>
    public StatusCount? Next => Volatile.Read(ref _next);

    /// <summary>Counts one of <paramref name="seen"/>, here or behind; <paramref name="first"/> is the chain's place. Allocates for a status that comes for the first time.</summary>
    public static void Add(ref StatusCount? first, int seen, int writer)
    {
        ref StatusCount? place = ref first;
        while (true)
        {
            StatusCount at = Volatile.Read(ref place) ?? Append(ref place, seen);
            if (at.Status == seen)
            {
                Tally.Add(ref at._count, 1, writer);
                return;
            }

            place = ref at._next;
        }
    }

    private static StatusCount Append(ref StatusCount? place, int status)
    {
        var made = new StatusCount(status);
        return Interlocked.CompareExchange(ref place, made, null) ?? made;
    }
}
