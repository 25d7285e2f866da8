using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Headgate.Core.Config.Reading;

/// <summary>Host names as they can be resolved or compared.</summary>
internal static class HostNames
{
    private static readonly SearchValues<char> NameChars =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._");

    /// <summary>True for a name or an IPv4 address; false for a wildcard, a port, brackets, nothing.</summary>
    public static bool IsName(string host) => host.Length is > 0 and <= 255 && !host.AsSpan().ContainsAnyExcept(NameChars) && host != "." && host[0] != '.';

    /// <summary>True for an IPv6 address without brackets and without a zone.</summary>
    public static bool IsIPv6(ReadOnlySpan<char> host) =>
        !host.ContainsAnyExcept(IPv6Chars) && IPAddress.TryParse(host, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6;

    private static readonly SearchValues<char> IPv6Chars = SearchValues.Create("0123456789abcdefABCDEF:.");
}
