namespace Headgate.Core.Config.Reading;

/// <summary>What a mistyped name was probably meant to be.</summary>
internal static class NearestName
{
    /// <summary>The candidate with the fewest edits from <paramref name="name"/>, at most a third of its length; null when none is that near.</summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        if (name.Length > 64)
            return null;

        string? nearest = null;
        int best = Math.Max(1, name.Length / 3) + 1;
        foreach (string candidate in candidates)
        {
            int distance = Distance(name, candidate);
            if (distance < best)
                (best, nearest) = (distance, candidate);
        }

        return nearest;
    }

    /// <summary>Levenshtein's distance, by the two-row method.</summary>
    private static int Distance(string left, string right)
    {
        int[] above = [.. Enumerable.Range(0, right.Length + 1)];
        int[] row = new int[right.Length + 1];
        for (int i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replaced = above[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(above[j], row[j - 1]) + 1);
            }

            (above, row) = (row, above);
        }

        return above[right.Length];
    }
}
