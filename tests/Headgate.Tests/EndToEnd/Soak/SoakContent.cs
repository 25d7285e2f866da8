namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>
/// What every body consists of: a run of a pool of random bytes, chosen by the number of the request, so that both ends know each byte of every body. Comparing the bytes
/// says more than a digest of them would, and costs less.
/// </summary>
internal static class SoakContent
{
    /// <summary>Longest body: 4 MiB.</summary>
    public const int LengthMax = 4 << 20;

    // Larger than the longest body, so that long ones differ too; a prime distance keeps neighbours apart.
    private const int PoolLength = 3 * LengthMax;
    private const long Stride = 2_654_435_761;
    private static readonly byte[] Pool = MakePool();

    /// <summary>The body of request <paramref name="id"/>, <paramref name="length"/> bytes.</summary>
    public static ReadOnlyMemory<byte> Of(long id, int length) => Pool.AsMemory((int)(id * Stride % (PoolLength - LengthMax)), length);

    /// <summary>A length from 1 to <paramref name="max"/>: small ones most often, each power of two within reach.</summary>
    public static int Length(Random random, int max)
    {
        double exponent = random.NextDouble();
        return Math.Clamp((int)Math.Pow(max, exponent * Math.Sqrt(exponent)), 1, max);
    }

    private static byte[] MakePool()
    {
        byte[] pool = new byte[PoolLength];
        new Random(PoolLength).NextBytes(pool);
        return pool;
    }
}
