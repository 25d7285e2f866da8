using System.Buffers.Text;
using System.Globalization;

namespace Headgate.Core.Primitives;

/// <summary>
/// IP addresses between their text and the 128 bits in which a request carries them (IPv4 as ::ffff:a.b.c.d). Allocates nothing, which
/// <see cref="System.Net.IPAddress"/> cannot.
/// </summary>
public static class AddressText
{
    /// <summary>Bytes of the longest text.</summary>
    public const int BytesMax = 39;

    private const uint MappedPrefix = 0xffff;

    /// <summary>Writes dotted decimals for IPv4, RFC 5952's form for IPv6.</summary>
    /// <param name="address">The address.</param>
    /// <param name="destination">At least <see cref="BytesMax"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public static int Format(UInt128 address, Span<byte> destination)
    {
        int length = 0;
        if (address >> 32 == MappedPrefix)
        {
            for (int shift = 24; shift >= 0; shift -= 8)
            {
                Utf8Formatter.TryFormat((byte)(address >> shift), destination[length..], out int written);
                length += written;
                if (shift > 0)
                    destination[length++] = (byte)'.';
            }

            return length;
        }

        (int zeros, int end) = LongestZeros(address);
        for (int i = 0; i < 8; i++)
        {
            if (i == zeros)
            {
                destination[length++] = (byte)':';
                destination[length++] = (byte)':';
                i = end - 1;
                continue;
            }

            if (i > 0 && i != end)
                destination[length++] = (byte)':';
            Group(address, i).TryFormat(destination[length..], out int written, "x", CultureInfo.InvariantCulture);
            length += written;
        }

        return length;
    }

    /// <summary>
    /// Reads dotted decimals without leading zeros, or IPv6, with or without brackets; false for anything else (zones, ports, white space).
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out UInt128 address)
    {
        if (text.Length > 1 && text[0] == '[' && text[^1] == ']')
            return TryParseV6(text[1..^1], out address);
        return text.Contains((byte)':') ? TryParseV6(text, out address) : TryParseV4(text, out address);
    }

    private static ushort Group(UInt128 address, int index) => (ushort)(address >> (112 - (16 * index)));

    /// <summary>The first longest run of two or more zero groups, end exclusive; (8, 8) when there is none.</summary>
    private static (int Start, int End) LongestZeros(UInt128 address)
    {
        (int start, int end) = (8, 8);
        int best = 1;
        for (int i = 0; i < 8; i++)
        {
            int from = i;
            while (i < 8 && Group(address, i) == 0)
                i++;
            if (i - from > best)
                (best, start, end) = (i - from, from, i);
        }

        return (start, end);
    }

    private static bool TryParseV4(ReadOnlySpan<byte> text, out UInt128 address)
    {
        address = default;
        uint bits = 0;
        for (int i = 0; i < 4; i++)
        {
            int dot = i < 3 ? text.IndexOf((byte)'.') : text.Length;
            if (dot is < 1 or > 3 || (dot > 1 && text[0] == '0'))
                return false;
            uint part = 0;
            foreach (byte digit in text[..dot])
            {
                if (digit is < (byte)'0' or > (byte)'9')
                    return false;
                part = (part * 10) + digit - '0';
            }

            if (part > 255)
                return false;
            bits = (bits << 8) | part;
            text = i < 3 ? text[(dot + 1)..] : default;
        }

        address = ((UInt128)MappedPrefix << 32) | bits;
        return true;
    }

    private static bool TryParseV6(ReadOnlySpan<byte> text, out UInt128 address)
    {
        address = default;
        int gap = text.IndexOf("::"u8);
        if (gap < 0)
            return TryParseGroups(text, v4AtEnd: true, out address, out int all) && all == 8;
        // At least one group is left out, and nothing but groups stands on either side ("1:::2" leaves a colon).
        if (!TryParseGroups(text[..gap], v4AtEnd: false, out UInt128 head, out int before)
            || !TryParseGroups(text[(gap + 2)..], v4AtEnd: true, out UInt128 tail, out int after)
            || before + after > 7)
        {
            return false;
        }

        address = before == 0 ? tail : (head << (128 - (16 * before))) | tail;
        return true;
    }

    /// <summary>Groups with single colons between them, an IPv4 address counting as two where one may stand at the end; empty text has none.</summary>
    private static bool TryParseGroups(ReadOnlySpan<byte> text, bool v4AtEnd, out UInt128 bits, out int count)
    {
        bits = default;
        count = 0;
        while (!text.IsEmpty)
        {
            int colon = text.IndexOf((byte)':');
            ReadOnlySpan<byte> group = colon < 0 ? text : text[..colon];
            if (v4AtEnd && colon < 0 && group.Contains((byte)'.'))
            {
                if (!TryParseV4(group, out UInt128 v4))
                    return false;
                bits = (bits << 32) | (uint)v4;
                count += 2;
                return count <= 8;
            }

            if (++count > 8 || group.Length is < 1 or > 4
                || !ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort value))
            {
                return false;
            }

            bits = (bits << 16) | value;
            if (colon == text.Length - 1)
                return false;
            text = colon < 0 ? default : text[(colon + 1)..];
        }

        return true;
    }
}
