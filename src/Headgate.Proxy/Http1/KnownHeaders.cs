using System.Text;

namespace Headgate.Proxy.Http1;

/// <summary>Finds <see cref="KnownHeader"/>s by name, without regard to case.</summary>
internal static class KnownHeaders
{
    /// <summary>Fields that bound the message or this connection; never sent on as they came, in neither direction.</summary>
    internal const ulong HopByHop =
        1UL << (int)KnownHeader.ContentLength | 1UL << (int)KnownHeader.TransferEncoding | 1UL << (int)KnownHeader.Connection
        | 1UL << (int)KnownHeader.KeepAlive | 1UL << (int)KnownHeader.ProxyConnection | 1UL << (int)KnownHeader.ProxyAuth
        | 1UL << (int)KnownHeader.Te | 1UL << (int)KnownHeader.Upgrade | 1UL << (int)KnownHeader.NamedByConnection;

    /// <summary>Fields of a request that the gateway writes itself, or not at all.</summary>
    internal const ulong NotKeptInRequest =
        HopByHop | 1UL << (int)KnownHeader.Host | 1UL << (int)KnownHeader.Expect | 1UL << (int)KnownHeader.XRealIp
        | 1UL << (int)KnownHeader.XForwardedFor | 1UL << (int)KnownHeader.XForwardedProto | 1UL << (int)KnownHeader.XForwardedHost
        | 1UL << (int)KnownHeader.XForwardedPort | 1UL << (int)KnownHeader.Lookalike | 1UL << (int)KnownHeader.Edited
        | 1UL << (int)KnownHeader.Explain;

    /// <summary>Fields of a response that the gateway writes itself, or not at all.</summary>
    internal const ulong NotKeptInResponse =
        HopByHop | 1UL << (int)KnownHeader.Server | 1UL << (int)KnownHeader.UpstreamStatus | 1UL << (int)KnownHeader.Edited | 1UL << (int)KnownHeader.Explain;

    /// <summary>Whether <paramref name="known"/> is in <paramref name="set"/>.</summary>
    internal static bool Has(ulong set, KnownHeader known) => (set >> (int)known & 1) != 0;

    /// <summary>Which field it is. By length first: most names of real traffic end there.</summary>
    internal static KnownHeader Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 => Is(name, "te"u8, KnownHeader.Te),
        4 => (name[0] | 0x20) == 'h' ? Is(name, "host"u8, KnownHeader.Host) : Is(name, "date"u8, KnownHeader.Date),
        6 => (name[0] | 0x20) switch
        {
            's' => Is(name, "server"u8, KnownHeader.Server),
            'e' => Is(name, "expect"u8, KnownHeader.Expect),
            _ => KnownHeader.Other,
        },
        7 => (name[0] | 0x20) == 'u' ? Is(name, "upgrade"u8, KnownHeader.Upgrade) : Is(name, "trailer"u8, KnownHeader.Trailer),
        9 => Is(name, "x-real-ip"u8, KnownHeader.XRealIp),
        10 => (name[0] | 0x20) switch
        {
            'c' => Is(name, "connection"u8, KnownHeader.Connection),
            'k' => Is(name, "keep-alive"u8, KnownHeader.KeepAlive),
            _ => KnownHeader.Other,
        },
        14 => Is(name, "content-length"u8, KnownHeader.ContentLength),
        15 => Is(name, "x-forwarded-for"u8, KnownHeader.XForwardedFor),
        16 => (name[^1] | 0x20) switch
        {
            'n' => Is(name, "proxy-connection"u8, KnownHeader.ProxyConnection),
            't' when (name[^4] | 0x20) == 'h' => Is(name, "x-forwarded-host"u8, KnownHeader.XForwardedHost),
            't' => Is(name, "x-forwarded-port"u8, KnownHeader.XForwardedPort),
            _ => KnownHeader.Other,
        },
        17 => (name[0] | 0x20) == 't'
            ? Is(name, "transfer-encoding"u8, KnownHeader.TransferEncoding)
            : Is(name, "x-forwarded-proto"u8, KnownHeader.XForwardedProto),
        18 => (name[0] | 0x20) == 'p' ? Is(name, "proxy-authenticate"u8, KnownHeader.ProxyAuth) : Is(name, "x-headgate-explain"u8, KnownHeader.Explain),
        19 => Is(name, "proxy-authorization"u8, KnownHeader.ProxyAuth),
        24 => Is(name, "x-apisix-upstream-status"u8, KnownHeader.UpstreamStatus),
        _ => KnownHeader.Other,
    };

    private static KnownHeader Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lower, KnownHeader known)
    {
        if (Ascii.EqualsIgnoreCase(name, lower))
            return known;
        return name.Contains((byte)'_') && LooksLike(name, lower) ? KnownHeader.Lookalike : KnownHeader.Other;
    }

    /// <summary>Whether only '_' in place of '-' keeps two names of equal length apart. No byte of a token but the letter itself becomes that letter by its 0x20 bit.</summary>
    private static bool LooksLike(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lower)
    {
        for (int i = 0; i < lower.Length; i++)
        {
            if ((name[i] == '_' ? '-' : name[i] | 0x20) != lower[i])
                return false;
        }

        return true;
    }
}
