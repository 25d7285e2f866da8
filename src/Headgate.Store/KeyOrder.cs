namespace Headgate.Store;

/// <summary>The order of keys: that of their UTF-8 bytes. Differs from the order of UTF-16 where characters beyond the basic plane meet those of its end.</summary>
internal static class KeyOrder
{
    /// <summary>Negative when <paramref name="left"/> comes first, 0 when they are equal, positive when <paramref name="right"/> does.</summary>
    public static int Compare(string left, string right)
    {
        int length = Math.Min(left.Length, right.Length);
        for (int i = 0; i < length; i++)
        {
            if (left[i] != right[i])
                return Rank(left[i]) - Rank(right[i]);
        }

        return left.Length - right.Length;
    }

    // Surrogates stand for characters above all others, but have smaller numbers than the last ones of the basic plane.
    private static int Rank(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
}
