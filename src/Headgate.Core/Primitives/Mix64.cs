namespace Headgate.Core.Primitives;

/// <summary>
/// Spreads numbers over all 64 bits: the finalizer of SplitMix64 (Steele, Lea, Flood 2014, variant 13 of Stafford). Consecutive numbers come out as good random
/// ones, so a counter and a seed are a random generator that threads share without a lock. One-to-one; not for secrets.
/// </summary>
public static class Mix64
{
    /// <summary>2^64 / golden ratio, odd: steps of a sequence that is to be mixed.</summary>
    public const ulong Step = 0x9E37_79B9_7F4A_7C15;

    /// <summary>The mixed number.</summary>
    public static ulong Of(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }

    /// <summary>A number from 0 to <paramref name="count"/> − 1 for a random one, each equally likely (to within 2^-32).</summary>
    public static int Below(ulong random, int count) => (int)Math.BigMul(random, (ulong)count, out _);
}
