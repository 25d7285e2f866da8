using System.Net;

namespace Headgate.Proxy.Http1;

/// <summary>host [":" port] (RFC 9110 §7.2), as the Host field and the authority of an absolute-form target carry it.</summary>
internal static class HostValue
{
    /// <summary>RFC 1035 allows 255 octets on the wire; no name needs more in text.</summary>
    private const int HostBytesMax = 255;

    /// <summary>
    /// Checks <paramref name="text"/>. <paramref name="hostLength"/> is the host's length, a trailing dot left out as nginx does; <paramref name="port"/> is
    /// 1 to 65535, or −1 when none is named (an empty one counts as none, RFC 3986 §3.2.3).
    /// </summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, out int hostLength, out int port)
    {
        port = -1;
        bool isIpv6 = text.Length > 0 && text[0] == '[';
        int end = isIpv6 ? text.IndexOf((byte)']') + 1 : text.IndexOf((byte)':');
        if (end < 0)
            end = text.Length;
        hostLength = end;
        if (end is 0 or > HostBytesMax || !TryParsePort(text[end..], ref port))
            return false;
        if (isIpv6)
            return IsIpv6(text[1..(end - 1)]);
        if (text[end - 1] == '.')
            hostLength--;
        ReadOnlySpan<byte> name = text[..hostLength];
        return !name.IsEmpty && !name.ContainsAnyExcept(ByteSets.HostName) && name[0] != '.' && name[^1] != '.' && name.IndexOf(".."u8) < 0;
    }

    private static bool IsIpv6(ReadOnlySpan<byte> address) =>
        !address.ContainsAnyExcept(ByteSets.Ipv6) && address.Contains((byte)':') && IPAddress.IsValidUtf8(address);

    /// <summary>Nothing, or a colon with up to five digits.</summary>
    private static bool TryParsePort(ReadOnlySpan<byte> text, ref int port)
    {
        if (text.Length <= 1)
            return text.IsEmpty || text[0] == ':';
        ReadOnlySpan<byte> digits = text[1..];
        if (text[0] != ':' || digits.Length > 5 || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        port = 0;
        foreach (byte digit in digits)
            port = (port * 10) + digit - '0';
        return port is >= 1 and <= 65535;
    }
}
