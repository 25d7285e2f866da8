using System.Buffers.Text;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.RealIp;

/// <summary>Reads an address with or without a port, as proxies write it. Source: APISIX's <c>core/utils.lua</c>, <c>parse_addr</c>.</summary>
internal static class PeerAddress
{
    /// <summary>
    /// Reads <c>a.b.c.d</c>, <c>a.b.c.d:port</c>, IPv6 with or without brackets, <c>[IPv6]:port</c>. False for anything else, and for a port outside 1 to 65535. <paramref name="port"/>
    /// is 0 when there is none, or none that is a number. Never allocates.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out UInt128 address, out int port)
    {
        int colon = text.LastIndexOf((byte)':');
        bool isBracketed = text is [(byte)'[', ..];
        bool isPort = isBracketed ? colon > 0 && text[colon - 1] == ']' : colon >= 0 && text.IndexOf((byte)':') == colon;
        ReadOnlySpan<byte> host = isPort ? text[..colon] : text;
        ReadOnlySpan<byte> number = isPort ? text[(colon + 1)..] : default;
        port = 0;
        bool hasPort = Utf8Parser.TryParse(number, out long read, out int used) && used == number.Length;
        if (!AddressText.TryParse(host, out address) || (hasPort && read is < 1 or > 65_535))
            return false;
        port = hasPort ? (int)read : 0;
        return true;
    }
}
