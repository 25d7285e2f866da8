using System.Collections.Immutable;
using Headgate.Proxy.Plugins.Jwt;

namespace Headgate.Proxy.Plugins.OpenIdConnect;

/// <summary>Public keys, each with its id, if it has one, and one algorithm. Immutable, thread-safe.</summary>
internal sealed class VerificationKeys(ImmutableArray<(byte[]? Id, JwtKey Key)> keys)
{
    private const int IdBytesMax = 256;

    /// <summary>None.</summary>
    public static VerificationKeys None { get; } = new([]);

    /// <summary>How many, a key once for each of its algorithms.</summary>
    public int Count => keys.Length;

    /// <summary>Whether one of them has signed the token. A token that names a key is looked at with that one alone; one that names none, with all of its algorithm.</summary>
    public KeyResult Verify(scoped in JwtToken token)
    {
        Span<byte> scratch = stackalloc byte[IdBytesMax];
        bool hasId = token.Header.TryGetText("kid"u8, scratch, out ReadOnlySpan<byte> id);
        if (!hasId && token.Header.TypeOf("kid"u8) != System.Text.Json.JsonTokenType.None)
            return KeyResult.NotSigned;
        bool isKnown = false;
        foreach ((byte[]? keyId, JwtKey key) in keys)
        {
            if (hasId && keyId is not null && !id.SequenceEqual(keyId))
                continue;
            isKnown |= keyId is not null && hasId;
            if (token.IsSignedBy(key))
                return KeyResult.Signed;
        }

        return isKnown ? KeyResult.NotSigned : KeyResult.UnknownKey;
    }
}
