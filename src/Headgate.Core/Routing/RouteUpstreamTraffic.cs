using Headgate.Core.Upstreams;

namespace Headgate.Core.Routing;

/// <summary>
/// Counts the tries of one route's requests at the nodes of one upstream, with their latencies. It hangs on the route's <see cref="RouteTraffic"/>, made by the first try and forgotten when
/// there was none for long. Writers have cells of their own, made when they come for the first time: 720 bytes each and eight at most, so that 10,000 routes under load on two cores take about
/// 16 MB and on any number of cores about 60.
/// </summary>
public sealed class RouteUpstreamTraffic
{
    /// <summary>Upstreams of a route that are counted apart; tries at others are not counted here.</summary>
    public const int PerRouteMax = 128;

    private const int CellsMax = 8;
    private const int TriesAt = 0;
    private const int FailuresAt = 1;
    private const int LatenciesAt = 2;

    // The writer that threads share which are no loop's, and the loops.
    private static readonly int Writers = Environment.ProcessorCount + 1;

    private readonly uint[]?[] _cells = new uint[]?[Math.Min(Writers, CellsMax)];

    internal RouteUpstreamTraffic(string owner) => Owner = owner;

    /// <summary>Key of the object that holds the upstream: <c>upstreams/1</c>, <c>routes/7</c>.</summary>
    public string Owner { get; }

    /// <summary>Numbers of a reading (<see cref="ReadTo"/>): tries, failures, then a number for each of <see cref="LatencyBuckets"/>.</summary>
    public static int Numbers => LatenciesAt + LatencyBuckets.Count;

    /// <summary>
    /// Counts a try that has come out one way or the other. Never blocks; allocates when the writer is new. <paramref name="writer"/>: as that of <see cref="RouteTraffic.Count"/>.
    /// <paramref name="latency"/>: null = it has none, because nothing was answered.
    /// </summary>
    public void Count(int writer, bool failed, TimeSpan? latency)
    {
        int at = writer % _cells.Length;
        uint[] cells = Volatile.Read(ref _cells[at]) ?? Make(at);
        bool isShared = writer == RouteTraffic.SharedWriter || Writers > CellsMax;
        Add(ref cells[TriesAt], isShared);
        if (failed)
            Add(ref cells[FailuresAt], isShared);
        if (latency is { } took)
            Add(ref cells[LatenciesAt + LatencyBuckets.IndexOf(took)], isShared);
    }

    /// <summary>All that was counted so far, modulo 2^32; <paramref name="numbers"/> has <see cref="Numbers"/> places. Any thread.</summary>
    public void ReadTo(Span<uint> numbers)
    {
        numbers.Clear();
        foreach (ref uint[]? place in _cells.AsSpan())
        {
            uint[] cells = Volatile.Read(ref place) ?? [];
            for (int i = 0; i < cells.Length; i++)
                numbers[i] += Volatile.Read(ref cells[i]);
        }
    }

    /// <summary>Tries, failures and the latencies by their buckets of a reading, or of the difference of two.</summary>
    public static (uint Tries, uint Failures) Parts(ReadOnlySpan<uint> numbers, out ReadOnlySpan<uint> latencies)
    {
        latencies = numbers[LatenciesAt..];
        return (numbers[TriesAt], numbers[FailuresAt]);
    }

    private static void Add(ref uint cell, bool isShared)
    {
        if (isShared)
            Interlocked.Increment(ref cell);
        else
            Volatile.Write(ref cell, cell + 1);
    }

    private uint[] Make(int at) => Interlocked.CompareExchange(ref _cells[at], new uint[Numbers], null) ?? _cells[at]!;
}
