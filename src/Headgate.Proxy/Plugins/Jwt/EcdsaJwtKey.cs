using System.Security.Cryptography;

namespace Headgate.Proxy.Plugins.Jwt;

/// <summary>A public key on the curve of its algorithm. Signatures are the two numbers one behind the other (RFC 7518 §3.4), not ASN.1.</summary>
internal sealed class EcdsaJwtKey : JwtKey
{
    private readonly ECDsa _key;
    private readonly byte[] _encoded;
    private readonly int _signatureBytes;

    /// <summary>Takes <paramref name="key"/> over; its finalizer frees it, as requests may hold this for longer than the configuration does.</summary>
    public EcdsaJwtKey(JwtAlgorithm algorithm, ECDsa key)
        : base(algorithm)
    {
        _key = key;
        _encoded = key.ExportSubjectPublicKeyInfo();
        _signatureBytes = (key.KeySize + 7) / 8 * 2;
    }

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> Material => _encoded;

    /// <inheritdoc/>
    public override bool Verify(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        int length = CryptographicOperations.HashData(Algorithm.Hash, signed, hash);
        if (signature.Length != _signatureBytes)
            return false;
        Span<byte> sequence = stackalloc byte[EcdsaSignature.BytesMax];
        return _key.VerifyHash(hash[..length], EcdsaSignature.ToSequence(signature, sequence), DSASignatureFormat.Rfc3279DerSequence);
    }
}
