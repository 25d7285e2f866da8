using System.Security.Cryptography;

namespace Headgate.Proxy.Plugins.Jwt;

/// <summary>A secret that signs and verifies. Verifying allocates nothing, and takes a time that tells nothing of the right signature.</summary>
internal sealed class HmacJwtKey(JwtAlgorithm algorithm, byte[] secret) : JwtKey(algorithm)
{
    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> Material => secret;

    /// <inheritdoc/>
    public override bool Verify(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[HMACSHA512.HashSizeInBytes];
        int length = CryptographicOperations.HmacData(Algorithm.Hash, secret, signed, expected);
        return CryptographicOperations.FixedTimeEquals(expected[..length], signature);
    }
}
