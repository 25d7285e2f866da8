namespace Headgate.Proxy.Http1;

/// <summary>
/// The path that routes are matched on, as nginx makes its <c>$uri</c> (merge_slashes on): percent-decoded once, runs of slashes merged, dot segments
/// resolved after decoding, so that <c>%2e%2e%2f</c> hides nothing. What is sent on stays as it came (docs/reference/http1.md says what follows from that).
/// </summary>
internal static class PathNormalizer
{
    /// <summary>True when <see cref="Normalize"/> would change nothing.</summary>
    internal static bool IsNormal(ReadOnlySpan<byte> path)
    {
        if (path.Contains((byte)'%'))
            return false;
        // Every dot segment and every double slash begins with a slash followed by '.' or '/'.
        for (int slash = 0; ;)
        {
            int next = slash + 1;
            if (next < path.Length && path[next] is (byte)'/' or (byte)'.')
                return false;
            int step = path[next..].IndexOf((byte)'/');
            if (step < 0)
                return true;
            slash = next + step;
        }
    }

    /// <summary>
    /// Writes the normal form of <paramref name="path"/>, which begins with a slash, to <paramref name="to"/>, which is at least as long.
    /// </summary>
    internal static HeadFault? Normalize(ReadOnlySpan<byte> path, Span<byte> to, out int length)
    {
        to[0] = (byte)'/';
        length = 1;
        int segment = 1;
        for (int i = 1; i < path.Length; i++)
        {
            byte b = path[i];
            if (b == '%')
            {
                if (i + 2 >= path.Length || !TryDecode(path[i + 1], path[i + 2], out b))
                    return HeadFault.Escape;
                if (b == 0)
                    return HeadFault.EscapedNul;
                i += 2;
            }

            if (b != '/')
            {
                to[length++] = b;
                continue;
            }

            if (!EndSegment(to, ref segment, ref length))
                return HeadFault.AboveRoot;
            if (length > segment)
                to[length++] = (byte)'/';
            segment = length;
        }

        return EndSegment(to, ref segment, ref length) ? null : HeadFault.AboveRoot;
    }

    /// <summary>Takes back a segment that is "." or ".."; false when that leads above the root.</summary>
    private static bool EndSegment(ReadOnlySpan<byte> to, ref int segment, ref int length)
    {
        ReadOnlySpan<byte> name = to[segment..length];
        if (name.SequenceEqual("."u8))
        {
            length = segment;
        }
        else if (name.SequenceEqual(".."u8))
        {
            if (segment == 1)
                return false;
            length = to[..(segment - 1)].LastIndexOf((byte)'/') + 1;
            segment = length;
        }

        return true;
    }

    private static bool TryDecode(byte high, byte low, out byte value)
    {
        int h = HexDigit.Value(high);
        int l = HexDigit.Value(low);
        value = (byte)((h << 4) | l);
        return h >= 0 && l >= 0;
    }
}
