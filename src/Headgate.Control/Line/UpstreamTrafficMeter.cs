using Headgate.Core.Routing;
using Headgate.Core.Snapshot;

namespace Headgate.Control.Line;

/// <summary>What upstreams get of routes: the counters are noted and compared with the note before. Used by one thread at a time.</summary>
internal sealed class UpstreamTrafficMeter(RouteTraffics routes, TimeProvider time)
{
    /// <summary>What got nothing for so long is forgotten, with its counters.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    // Beside the counters themselves 720 bytes more. What is gone goes with the next note.
    private Dictionary<RouteUpstreamTraffic, Noted> _noted = new(ReferenceEqualityComparer.Instance);

    /// <summary>What each has got since the last call, which was so many seconds ago; who got nothing is not in it.</summary>
    public List<UpstreamTraffic> Note(double seconds)
    {
        long now = time.GetTimestamp();
        var rates = new List<UpstreamTraffic>();
        var next = new Dictionary<RouteUpstreamTraffic, Noted>(_noted.Count, ReferenceEqualityComparer.Instance);
        uint[] counts = new uint[RouteUpstreamTraffic.Numbers];
        foreach ((string route, RouteTraffic traffic) in routes.All)
        {
            foreach (RouteUpstreamTraffic upstream in traffic.Upstreams)
            {
                Noted noted = _noted.GetValueOrDefault(upstream) ?? new Noted(now);
                upstream.ReadTo(counts);
                if (noted.Take(counts, now))
                    rates.Add(Rate(route, upstream.Owner, counts, seconds));
                else if (time.GetElapsedTime(noted.MovedAt, now) >= KeptFor)
                    traffic.Forget(upstream);
                next[upstream] = noted;
            }
        }

        _noted = next;
        return rates;
    }

    private static UpstreamTraffic Rate(string route, string owner, uint[] counts, double seconds)
    {
        (uint tries, uint failures) = RouteUpstreamTraffic.Parts(counts, out ReadOnlySpan<uint> buckets);
        var latencies = new List<int>();
        for (int bucket = 0; bucket < buckets.Length; bucket++)
        {
            if (buckets[bucket] > 0)
                latencies.AddRange(bucket, (int)Math.Min(buckets[bucket], int.MaxValue));
        }

        return new UpstreamTraffic(route, owner, Math.Round(tries / seconds, 2), Math.Round(failures / seconds, 2), latencies);
    }

    /// <summary>The counters as they were.</summary>
    private sealed class Noted(long now)
    {
        private readonly uint[] _counts = new uint[RouteUpstreamTraffic.Numbers];

        /// <summary>When they moved last.</summary>
        public long MovedAt { get; private set; } = now;

        /// <summary>Notes <paramref name="counts"/>, and leaves in them what was added; false when nothing was.</summary>
        public bool Take(uint[] counts, long now)
        {
            if (counts.AsSpan().SequenceEqual(_counts))
                return false;
            for (int i = 0; i < counts.Length; i++)
                (counts[i], _counts[i]) = (counts[i] - _counts[i], counts[i]); // modulo 2^32, as they count
            MovedAt = now;
            return true;
        }
    }
}
