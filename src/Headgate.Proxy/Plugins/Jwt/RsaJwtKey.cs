using System.Security.Cryptography;

namespace Headgate.Proxy.Plugins.Jwt;

/// <summary>An RSA public key.</summary>
internal sealed class RsaJwtKey : JwtKey
{
    /// <summary>The shortest modulus, in bits (RFC 7518 §3.3).</summary>
    public const int BitsMin = 2048;

    /// <summary>The longest modulus, in bits, with which OpenSSL verifies.</summary>
    public const int BitsMax = 16384;

    private readonly RSA _key;
    private readonly byte[] _encoded;
    private readonly RSASignaturePadding _padding;
    private readonly int _signatureBytes;

    /// <summary>Takes <paramref name="key"/> over; its finalizer frees it, as requests may hold this for longer than the configuration does.</summary>
    public RsaJwtKey(JwtAlgorithm algorithm, RSA key)
        : base(algorithm)
    {
        _key = key;
        _encoded = key.ExportSubjectPublicKeyInfo();
        _padding = algorithm.Family == JwtFamily.RsaPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        _signatureBytes = (key.KeySize + 7) / 8;
    }

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> Material => _encoded;

    /// <inheritdoc/>
    public override bool Verify(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        int length = CryptographicOperations.HashData(Algorithm.Hash, signed, hash);
        return signature.Length == _signatureBytes && _key.VerifyHash(hash[..length], signature, Algorithm.Hash, _padding);
    }
}
