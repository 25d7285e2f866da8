namespace Headgate.Proxy.Http1;

/// <summary>chunk-size [chunk-ext] CR LF (RFC 9112 §7.1).</summary>
internal static class ChunkLine
{
    private const int DigitsMax = 16;

    /// <summary>
    /// Reads the line at the front of <paramref name="bytes"/>: <see cref="BodyStep.Data"/> with its length, the chunk's size and the bytes behind the size,
    /// <see cref="BodyStep.NeedMore"/>, or <see cref="BodyStep.Bad"/>.
    /// </summary>
    internal static BodyStep Read(ReadOnlySpan<byte> bytes, out int consumed, out long size, out int extensionBytes)
    {
        (consumed, extensionBytes) = (0, 0);
        int digits = ReadSize(bytes, out size);
        if (digits < 0)
            return BodyStep.Bad;
        ReadOnlySpan<byte> rest = bytes[digits..];
        int max = BodyDecoder.ChunkLineBytesMax - digits;
        int end = (rest.Length > max + 2 ? rest[..(max + 2)] : rest).IndexOfAny(ByteSets.Control);
        if (end < 0)
            return rest.Length > max || !IsExtensionStart(rest) ? BodyStep.Bad : BodyStep.NeedMore;
        if (end > max || rest[end] != '\r' || digits == 0)
            return BodyStep.Bad;
        if (end + 1 == rest.Length)
            return BodyStep.NeedMore;
        if (rest[end + 1] != '\n' || !AreExtensions(rest[..end]))
            return BodyStep.Bad;
        (consumed, extensionBytes) = (digits + end + 2, end);
        return BodyStep.Data;
    }

    /// <summary>Number of digits at the front, or −1 when they are too many or too large.</summary>
    private static int ReadSize(ReadOnlySpan<byte> bytes, out long size)
    {
        size = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            int digit = HexDigit.Value(bytes[i]);
            if (digit < 0)
                return i == 0 ? -1 : i;
            if (i == DigitsMax || size > long.MaxValue >> 4)
                return -1;
            size = (size << 4) | (uint)digit;
        }

        return bytes.Length;
    }

    /// <summary>What stands behind the size, as far as it has come, can only be an extension.</summary>
    private static bool IsExtensionStart(ReadOnlySpan<byte> rest)
    {
        ReadOnlySpan<byte> text = rest.TrimStart(" \t"u8);
        return text.IsEmpty || text[0] == ';';
    }

    /// <summary>*( BWS ";" BWS token [ BWS "=" BWS ( token / quoted-string ) ] ); control bytes are excluded already.</summary>
    private static bool AreExtensions(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            text = text.TrimStart(" \t"u8);
            if (text.IsEmpty || text[0] != ';')
                return false;
            text = text[1..].TrimStart(" \t"u8);
            if (!TrySkipToken(ref text))
                return false;
            ReadOnlySpan<byte> afterName = text.TrimStart(" \t"u8);
            if (afterName.IsEmpty || afterName[0] != '=')
                continue;
            text = afterName[1..].TrimStart(" \t"u8);
            bool isQuoted = !text.IsEmpty && text[0] == '"';
            if (!(isQuoted ? TrySkipQuoted(ref text) : TrySkipToken(ref text)))
                return false;
        }

        return true;
    }

    private static bool TrySkipToken(ref ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAnyExcept(ByteSets.Token);
        int length = end < 0 ? text.Length : end;
        text = text[length..];
        return length > 0;
    }

    private static bool TrySkipQuoted(ref ReadOnlySpan<byte> text)
    {
        for (int i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                text = text[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
