using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Headgate.Core.Config.Expressions;

/// <summary>
/// An IP address or CIDR range over the 128-bit form in which a request carries its addresses (IPv4 as ::ffff:a.b.c.d), so that one
/// comparison serves both families. Host bits of a range are ignored, as nginx and APISIX do.
/// </summary>
/// <param name="Network">The range's first address; bits outside <paramref name="Mask"/> are zero.</param>
/// <param name="Mask">Ones for the bits that count.</param>
public readonly record struct AddressRange(UInt128 Network, UInt128 Mask)
{
    /// <summary>
    /// True when <paramref name="address"/> lies in the range. An IPv6 range wide enough to hold the mapped IPv4 addresses (<c>::/0</c>) holds none of them:
    /// it speaks of IPv6 peers, as in lua-resty-ipmatcher, which keeps a table for each family. Allocates nothing.
    /// </summary>
    public bool Contains(UInt128 address) => (address & Mask) == Network && ((ushort)(Mask >> 32) == 0xffff || address >> 32 != 0xffff);

    /// <summary>
    /// Parses <c>a.b.c.d</c>, <c>a.b.c.d/0..32</c>, an IPv6 address or an IPv6 address with <c>/0..128</c>. Strict: four decimal parts without
    /// leading zeros, no brackets, no zone, no white space.
    /// </summary>
    public static bool TryParse(string text, out AddressRange range)
    {
        range = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        ReadOnlySpan<char> address = slash < 0 ? text : text.AsSpan(0, slash);
        if (address.ContainsAnyExcept(AddressChars) || !IPAddress.TryParse(address, out IPAddress? parsed))
            return false;

        bool v4 = parsed.AddressFamily == AddressFamily.InterNetwork;
        // IPAddress also reads "127.1" and "010.0.0.1" (octal): a configuration that says that says something else than it seems to.
        if (v4 && !address.SequenceEqual(parsed.ToString()))
            return false;

        int width = v4 ? 32 : 128;
        int prefix = width;
        if (slash >= 0 && !TryParsePrefix(text.AsSpan(slash + 1), width, out prefix))
            return false;

        int ones = prefix + 128 - width;
        UInt128 mask = ones == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - ones);
        range = new AddressRange(ToBits(parsed) & mask, mask);
        return true;
    }

    private static readonly System.Buffers.SearchValues<char> AddressChars = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF:.");

    private static bool TryParsePrefix(ReadOnlySpan<char> text, int width, out int prefix) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out prefix) && prefix <= width && (text.Length == 1 || text[0] != '0');

    private static UInt128 ToBits(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
