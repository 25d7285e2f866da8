using System.Buffers;

namespace Headgate.Proxy.Http1;

/// <summary>The byte classes of RFC 9110 and RFC 9112 that the codec searches for, vectorised.</summary>
internal static class ByteSets
{
    /// <summary>tchar (RFC 9110 §5.6.2): methods and field names.</summary>
    internal static readonly SearchValues<byte> Token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Every control byte but HTAB: what ends a line (CR) or has no place in one.</summary>
    internal static readonly SearchValues<byte> Control = SearchValues.Create(Where(b => (b < 0x20 && b != '\t') || b == 0x7F));

    /// <summary>Visible ASCII without '#': what a request target is made of. Wider than RFC 3986, whose excluded bytes (<c>|</c>, <c>{</c>) browsers do send.</summary>
    internal static readonly SearchValues<byte> Target = SearchValues.Create(Where(b => b is > 0x20 and < 0x7F and not (byte)'#'));

    /// <summary>What a host name or IPv4 address is made of: RFC 3986's unreserved. Its sub-delims and escapes occur in no name that can be resolved.</summary>
    internal static readonly SearchValues<byte> HostName = SearchValues.Create(
        "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>What an IPv6 address is made of; zone identifiers are of no use beyond one machine.</summary>
    internal static readonly SearchValues<byte> Ipv6 = SearchValues.Create(":.0123456789ABCDEFabcdef"u8);

    private static byte[] Where(Func<byte, bool> holds) => [.. Enumerable.Range(0, 256).Select(i => (byte)i).Where(holds)];
}
