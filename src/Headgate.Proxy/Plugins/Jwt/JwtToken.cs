using System.Text.Json;

namespace Headgate.Proxy.Plugins.Jwt;

/// <summary>
/// A token taken apart (RFC 7519, in the compact form of RFC 7515 §7.1). Nothing of it is true until <see cref="IsSignedBy"/> has said so. Taking one apart allocates nothing but for what
/// is none.
/// </summary>
internal readonly ref struct JwtToken
{
    /// <summary>The longest token that is looked at, in bytes.</summary>
    public const int BytesMax = 8192;

    /// <summary>Members of header and claims together that one may have room for.</summary>
    public const int MembersMax = HeaderMembersMax + ClaimsMax;

    private const int HeaderMembersMax = 16;
    private const int ClaimsMax = 100;

    private readonly ReadOnlySpan<byte> _signed;
    private readonly ReadOnlySpan<byte> _signature;

    private JwtToken(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature, JwtObject header, JwtObject claims)
    {
        _signed = signed;
        _signature = signature;
        Header = header;
        Claims = claims;
    }

    /// <summary>How it is signed, and by which key (<c>alg</c>, <c>kid</c>).</summary>
    public JwtObject Header { get; }

    /// <summary>What it says.</summary>
    public JwtObject Claims { get; }

    /// <summary>
    /// Takes a token apart; false when it is none, or has extensions that nobody here knows (<c>crit</c>, RFC 7515 §4.1.11). <paramref name="scratch"/>: as long as the text;
    /// <paramref name="room"/>: <see cref="MembersMax"/> long. Both are the token's as long as it is used.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> text, Span<byte> scratch, Span<JwtMember> room, out JwtToken token)
    {
        token = default;
        int first = text.IndexOf((byte)'.');
        int last = text.LastIndexOf((byte)'.');
        if (text.Length > BytesMax || first < 0 || last == first || text[(first + 1)..last].Contains((byte)'.'))
            return false;

        if (!Base64UrlText.TryDecode(text[..first], scratch, out int headerLength))
            return false;
        Span<byte> rest = scratch[headerLength..];
        if (!Base64UrlText.TryDecode(text[(first + 1)..last], rest, out int claimsLength) || !Base64UrlText.TryDecode(text[(last + 1)..], rest[claimsLength..], out int signatureLength)
            || signatureLength == 0)
        {
            return false;
        }

        if (!JwtObject.TryRead(scratch[..headerLength], room[..HeaderMembersMax], out JwtObject header) || header.TypeOf("crit"u8) != JsonTokenType.None
            || !JwtObject.TryRead(rest[..claimsLength], room[HeaderMembersMax..], out JwtObject claims))
        {
            return false;
        }

        token = new JwtToken(text[..last], rest.Slice(claimsLength, signatureLength), header, claims);
        return true;
    }

    /// <summary>
    /// Whether the key has signed it. The token must name the key's own algorithm, and not the other way round: a token that says HS256 is never looked at with a public key, nor one that
    /// says <c>none</c> with anything.
    /// </summary>
    public bool IsSignedBy(JwtKey key)
    {
        Span<byte> scratch = stackalloc byte[16];
        return Header.TryGetText("alg"u8, scratch, out ReadOnlySpan<byte> alg) && key.Algorithm.IsNamed(alg) && key.Verify(_signed, _signature);
    }
}
