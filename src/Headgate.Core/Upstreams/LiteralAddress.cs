using System.Net;
using System.Net.Sockets;

namespace Headgate.Core.Upstreams;

/// <summary>Tells an address from a host name.</summary>
public static class LiteralAddress
{
    /// <summary>Longest text of an IPv4 address.</summary>
    private const int V4CharsMax = 15;

    /// <summary>
    /// The address that <paramref name="host"/> is: IPv6 in brackets (a zone is refused), or IPv4 as four plain decimal numbers. Short forms, octal and hex
    /// ("127.1", "010.0.0.1", "0x7f000001") are names here, because readers of them disagree on what they mean.
    /// </summary>
    public static bool TryParse(string host, out IPAddress address)
    {
        if (host is ['[', .. string inner, ']'])
            return IPAddress.TryParse(inner, out address!) && address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId == 0;

        Span<char> canonical = stackalloc char[V4CharsMax];
        return IPAddress.TryParse(host, out address!)
            && address.AddressFamily == AddressFamily.InterNetwork
            && address.TryFormat(canonical, out int written)
            && canonical[..written].SequenceEqual(host);
    }
}
