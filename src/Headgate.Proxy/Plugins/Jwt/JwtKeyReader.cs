using System.Globalization;
using System.Security.Cryptography;

namespace Headgate.Proxy.Plugins.Jwt;

/// <summary>Reads public keys from PEM, when the configuration is read.</summary>
internal static class JwtKeyReader
{
    private const string Spki = "PUBLIC KEY";
    private const string Pkcs1 = "RSA PUBLIC KEY";

    /// <summary>The key; null, and <paramref name="problem"/> says why, when it is none that <paramref name="algorithm"/> takes. A private key is refused: it has no business here.</summary>
    public static JwtKey? Read(JwtAlgorithm algorithm, string pem, out string problem)
    {
        if (!PemEncoding.TryFind(pem, out PemFields fields))
        {
            problem = $"it is no PEM; give -----BEGIN {Spki}----- with its lines";
            return null;
        }

        string label = pem[fields.Label];
        if (label is not (Spki or Pkcs1) || pem[fields.Location.End..].Contains("-----BEGIN ", StringComparison.Ordinal))
        {
            problem = label is Spki or Pkcs1 ? "it has more than one key" : $"it is a \"{label}\"; allowed: \"{Spki}\", \"{Pkcs1}\"";
            return null;
        }

        byte[] bytes = new byte[fields.DecodedDataLength];
        if (!Convert.TryFromBase64String(pem[fields.Base64Data], bytes, out int length))
            length = 0;
        try
        {
            return algorithm.Family == JwtFamily.Ecdsa ? ReadEcdsa(algorithm, label, bytes.AsSpan(0, length), out problem) : ReadRsa(algorithm, label, bytes.AsSpan(0, length), out problem);
        }
        catch (CryptographicException)
        {
            problem = $"it is no {(algorithm.Family == JwtFamily.Ecdsa ? "key on an elliptic curve" : "RSA key")}, which {algorithm.Name} takes, or it is damaged";
            return null;
        }
    }

    /// <summary>What a key on an elliptic curve is read into. What Create makes takes every signature into its other form and back, for more than a kilobyte of garbage.</summary>
    public static ECDsa NewEcdsa() => OperatingSystem.IsLinux() ? new ECDsaOpenSsl() : ECDsa.Create();

    private static RsaJwtKey? ReadRsa(JwtAlgorithm algorithm, string label, ReadOnlySpan<byte> bytes, out string problem)
    {
        var key = RSA.Create();
        if (label == Spki)
            key.ImportSubjectPublicKeyInfo(bytes, out _);
        else
            key.ImportRSAPublicKey(bytes, out _);
        problem = string.Create(
            CultureInfo.InvariantCulture,
            $"an RSA key of {key.KeySize} bits is given; allowed: {RsaJwtKey.BitsMin} to {RsaJwtKey.BitsMax} (RFC 7518 section 3.3)");
        return key.KeySize is >= RsaJwtKey.BitsMin and <= RsaJwtKey.BitsMax ? new RsaJwtKey(algorithm, key) : null;
    }

    private static EcdsaJwtKey? ReadEcdsa(JwtAlgorithm algorithm, string label, ReadOnlySpan<byte> bytes, out string problem)
    {
        problem = $"{algorithm.Name} takes a key on an elliptic curve";
        if (label != Spki)
            return null;
        ECDsa key = NewEcdsa();
        key.ImportSubjectPublicKeyInfo(bytes, out _);
        Oid curve = key.ExportParameters(includePrivateParameters: false).Curve.Oid;
        problem = $"its curve is {curve.FriendlyName ?? curve.Value ?? "not a named one"}; {algorithm.Name} has one of its own";
        return curve.Value == algorithm.Curve ? new EcdsaJwtKey(algorithm, key) : null;
    }
}
