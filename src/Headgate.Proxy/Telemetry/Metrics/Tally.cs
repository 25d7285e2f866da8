namespace Headgate.Proxy.Telemetry.Metrics;

/// <summary>
/// Adds to numbers that other threads read. A loop is the only one that writes to its cells, and a plain addition is all it needs; the cells that threads of no loop share take an
/// interlocked one.
/// </summary>
internal static class Tally
{
    /// <summary>The writer that is shared by threads.</summary>
    public const int Shared = 0;

    /// <summary>Adds <paramref name="value"/>.</summary>
    public static void Add(ref long to, long value, int writer)
    {
        if (writer == Shared)
            Interlocked.Add(ref to, value);
        else
            Volatile.Write(ref to, to + value);
    }
}
