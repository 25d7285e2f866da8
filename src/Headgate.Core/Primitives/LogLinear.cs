using System.Numerics;

namespace Headgate.Core.Primitives;

/// <summary>
/// Buckets that grow with what they hold, equally many to each doubling, so that whatever is counted in them is known to the same relative error. Source: HdrHistogram. <c>bits</c>: 2 to its
/// power buckets to each doubling; below that number, one for each value.
/// </summary>
internal static class LogLinear
{
    /// <summary>How many buckets values of so many bits need.</summary>
    public static int Count(int valueBits, int bits) => (valueBits - bits + 1) << bits;

    /// <summary>The bucket of a value, from 0.</summary>
    public static int IndexOf(long value, int bits)
    {
        if (value < 1L << bits)
            return (int)value;
        int octave = BitOperations.Log2((ulong)value) - bits;
        return ((octave + 1) << bits) + (int)(value >> octave) - (1 << bits);
    }

    /// <summary>The least value of a bucket; of the one behind the last, the end of the range.</summary>
    public static long LowerBound(int bucket, int bits)
    {
        int perOctave = 1 << bits;
        int octave = (bucket >> bits) - 1;
        return octave < 0 ? bucket : (long)(perOctave + (bucket & (perOctave - 1))) << octave;
    }
}
