using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins;

/// <summary>Random numbers that all requests of a plugin draw from one sequence, which a seed decides. Thread-safe, without a lock; not for secrets.</summary>
internal sealed class Draws(ulong seed)
{
    private long _drawn;

    /// <summary>A number from 0 to <paramref name="count"/> − 1, each equally likely.</summary>
    public int Below(int count) => Mix64.Below(Next(), count);

    /// <summary>A number from 0, inclusive, to 1.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Whether something that is to happen in so many of a hundred cases happens now; null = always.</summary>
    public bool Hits(int? percentage) => percentage is null || Below(100) < percentage;

    /// <summary>64 bits.</summary>
    public ulong Next() => Mix64.Of(seed + (Mix64.Step * (ulong)Interlocked.Increment(ref _drawn)));
}
