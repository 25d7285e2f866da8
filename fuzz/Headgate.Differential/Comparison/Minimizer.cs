namespace Headgate.Differential.Comparison;

/// <summary>Makes an input smaller as long as it shows the same: pieces are left out, large ones first, down to single bytes.</summary>
internal static class Minimizer
{
    private const int TriesMax = 400;

    /// <summary>The smallest input found for which <paramref name="shows"/> holds.</summary>
    public static async Task<byte[]> RunAsync(byte[] input, Func<byte[], Task<bool>> shows)
    {
        int tries = 0;
        for (int piece = Math.Max(1, input.Length / 2); piece > 0 && tries < TriesMax; piece /= 2)
        {
            for (int at = 0; at < input.Length && tries < TriesMax;)
            {
                byte[] smaller = [.. input.AsSpan(0, at), .. input.AsSpan(Math.Min(input.Length, at + piece))];
                tries++;
                if (smaller.Length > 0 && await shows(smaller))
                    input = smaller;
                else
                    at += piece;
            }
        }

        return input;
    }
}
