namespace Headgate.Core.Primitives;

/// <summary>The pairs of a Cookie header field (RFC 6265 §4.2.1). Allocates nothing; the work is that of reading the field once.</summary>
internal static class CookiePairs
{
    /// <summary>
    /// The value of the first pair of that name, as sent, white space around the pair left out. The first wins: user agents send the cookie of the longest path
    /// first (RFC 6265 §5.4). Names are compared byte by byte.
    /// </summary>
    public static bool TryGet(ReadOnlySpan<byte> field, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        while (!field.IsEmpty)
        {
            int end = field.IndexOf((byte)';');
            ReadOnlySpan<byte> pair = (end < 0 ? field : field[..end]).Trim(" \t"u8);
            field = end < 0 ? default : field[(end + 1)..];
            if (pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name))
            {
                value = pair[(name.Length + 1)..];
                return true;
            }
        }

        value = default;
        return false;
    }
}
