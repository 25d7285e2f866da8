using System.Globalization;

namespace Headgate.Core.Primitives;

/// <summary>
/// Finds an argument in a query as sent. Names and values are percent-decoded and <c>+</c> is a space, as in APISIX, whose <c>arg_x</c> reads the parsed
/// arguments and not nginx's raw variable. An escape that is not two hexadecimal digits stands for itself.
/// </summary>
public static class QueryArguments
{
    /// <summary>Where decoded values go that are longer than the caller's scratch: bounded by the longest request line that is let in.</summary>
    [ThreadStatic]
    private static byte[]? _longValue;

    /// <summary>The first argument of a name; its value is empty when it has no equals sign. False when there is none.</summary>
    public static bool TryGet(ReadOnlySpan<byte> query, ReadOnlySpan<byte> name, Span<byte> scratch, out ReadOnlySpan<byte> value)
    {
        while (!query.IsEmpty)
        {
            int end = query.IndexOf((byte)'&');
            ReadOnlySpan<byte> pair = end < 0 ? query : query[..end];
            query = end < 0 ? default : query[(end + 1)..];
            int equals = pair.IndexOf((byte)'=');
            if (IsNamed(pair, name))
            {
                value = Decoded(equals < 0 ? default : pair[(equals + 1)..], scratch);
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Whether a pair as sent, with or without a value, is an argument of that name.</summary>
    public static bool IsNamed(ReadOnlySpan<byte> pair, ReadOnlySpan<byte> name) =>
        !pair.IsEmpty && DecodesTo(pair.IndexOf((byte)'=') is >= 0 and var equals ? pair[..equals] : pair, name);

    private static bool DecodesTo(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> name)
    {
        if (!raw.ContainsAny((byte)'%', (byte)'+'))
            return raw.SequenceEqual(name);
        foreach (byte expected in name)
        {
            if (raw.IsEmpty || Next(ref raw) != expected)
                return false;
        }

        return raw.IsEmpty;
    }

    private static ReadOnlySpan<byte> Decoded(ReadOnlySpan<byte> raw, Span<byte> scratch)
    {
        if (!raw.ContainsAny((byte)'%', (byte)'+'))
            return raw;
        if (raw.Length > scratch.Length)
        {
            if (_longValue is null || _longValue.Length < raw.Length)
                _longValue = new byte[raw.Length * 2];
            scratch = _longValue;
        }

        int length = 0;
        while (!raw.IsEmpty)
            scratch[length++] = Next(ref raw);
        return scratch[..length];
    }

    private static byte Next(ref ReadOnlySpan<byte> raw)
    {
        byte first = raw[0];
        if (first == '%' && raw.Length > 2 && byte.TryParse(raw.Slice(1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte escaped))
        {
            raw = raw[3..];
            return escaped;
        }

        raw = raw[1..];
        return first == '+' ? (byte)' ' : first;
    }
}
