using System.Runtime.CompilerServices;
using Headgate.Core.Routing;

namespace Headgate.Proxy.Telemetry.Metrics;

/// <summary>
/// The label sets that requests of one served route (null = of none) came to, found by what a request has at hand (references and indexes) instead of texts. Only a short cut: it goes with its
/// route, the counters stay. Read without a lock, added to under one.
/// </summary>
internal sealed class RouteLabelSets(TrafficMetrics metrics, RouteSnapshot? route)
{
    /// <summary>Entries at which it begins anew: addresses and consumers come and go.</summary>
    private const int EntriesMax = 65_536;

    private readonly Lock _gate = new();
    private Entry?[] _entries = new Entry?[8];
    private int _count;

    /// <summary>The set of a request. Allocates when the combination comes for the first time.</summary>
    public LabelSet Find(in Key key)
    {
        Entry?[] entries = Volatile.Read(ref _entries);
        int mask = entries.Length - 1;
        for (int i = key.Hash & mask; Volatile.Read(ref entries[i]) is { } entry; i = (i + 1) & mask)
        {
            if (entry.Key.Equals(key))
                return entry.Set;
        }

        return Add(key);
    }

    private LabelSet Add(in Key key)
    {
        LabelSet set = metrics.SetFor(route, key);
        lock (_gate)
        {
            // Twice in the table, because two threads came at once, does no harm: it is the same set.
            if (_count >= EntriesMax)
                (_count, _entries) = (0, new Entry?[8]);
            if (++_count * 2 > _entries.Length)
                Volatile.Write(ref _entries, Grown(_entries));
            Put(_entries, new Entry(key, set));
        }

        return set;
    }

    private static Entry?[] Grown(Entry?[] entries)
    {
        var grown = new Entry?[entries.Length * 2];
        foreach (Entry? entry in entries)
        {
            if (entry is not null)
                Put(grown, entry);
        }

        return grown;
    }

    private static void Put(Entry?[] entries, Entry entry)
    {
        int mask = entries.Length - 1;
        int i = entry.Key.Hash & mask;
        while (entries[i] is not null)
            i = (i + 1) & mask;
        Volatile.Write(ref entries[i], entry);
    }

    /// <summary>What of a request decides its labels.</summary>
    /// <param name="PrefersNames">Whether route and service are shown by name.</param>
    /// <param name="Uri">Index of the route's path that matched.</param>
    /// <param name="Host">Index of the route's host that matched; −1 = it has none.</param>
    /// <param name="Consumer">Name of the consumer, compared as a reference; null = none.</param>
    /// <param name="Endpoint">The address that was tried last; null = none.</param>
    internal readonly record struct Key(bool PrefersNames, int Uri, int Host, string? Consumer, Core.Upstreams.EndpointState? Endpoint)
    {
        public int Hash => (RuntimeHelpers.GetHashCode(Endpoint) * 31) + (RuntimeHelpers.GetHashCode(Consumer) * 17) + (Uri * 7) + (Host * 3) + (PrefersNames ? 1 : 0);

        public bool Equals(Key other) => ReferenceEquals(Endpoint, other.Endpoint) && ReferenceEquals(Consumer, other.Consumer) && Uri == other.Uri && Host == other.Host && PrefersNames == other.PrefersNames;

        public override int GetHashCode() => Hash;
    }

    private sealed record Entry(Key Key, LabelSet Set);
}
