using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Headgate.Proxy.Plugins.Jwt;

namespace Headgate.Proxy.Plugins.OpenIdConnect;

/// <summary>Reads keys of a provider (RFC 7517, RFC 7518 §6). One that cannot be used is passed over, as the RFC says (§5): another kind, another use, damaged, too weak.</summary>
internal static class JwksReader
{
    /// <summary>Keys that are read; further ones are passed over.</summary>
    public const int KeysMax = 32;

    private const int NumberBytesMax = 4096;
    private const int ExponentBytesMax = 8;
    private const int IdBytesMax = 256;

    /// <summary>The keys of <c>keys</c>.</summary>
    public static VerificationKeys Read(JsonElement document)
    {
        ImmutableArray<(byte[]?, JwtKey)>.Builder read = ImmutableArray.CreateBuilder<(byte[]?, JwtKey)>();
        if (document.TryGetProperty("keys", out JsonElement keys) && keys.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement key in keys.EnumerateArray().Take(KeysMax))
            {
                if (key.ValueKind == JsonValueKind.Object)
                    Read(key, read);
            }
        }

        return new VerificationKeys(read.ToImmutable());
    }

    private static void Read(JsonElement key, ImmutableArray<(byte[]?, JwtKey)>.Builder into)
    {
        if (Text(key, "use") is not (null or "sig"))
            return;
        byte[]? id = Text(key, "kid") is { } kid ? Encoding.UTF8.GetBytes(kid) : null;
        if (id?.Length > IdBytesMax)
            return;
        string? algorithm = Text(key, "alg");
        foreach (JwtAlgorithm candidate in JwtAlgorithm.All)
        {
            if ((algorithm is null || candidate.Name == algorithm) && Read(candidate, key) is { } made)
                into.Add((id, made));
        }
    }

    private static JwtKey? Read(JwtAlgorithm algorithm, JsonElement key)
    {
        try
        {
            return (algorithm.Family, Text(key, "kty")) switch
            {
                (JwtFamily.Rsa or JwtFamily.RsaPss, "RSA") => ReadRsa(algorithm, key),
                (JwtFamily.Ecdsa, "EC") when Text(key, "crv") == "P-" + (algorithm.Name == "ES512" ? "521" : algorithm.Name[2..]) => ReadEcdsa(algorithm, key),
                _ => null,
            };
        }
        catch (CryptographicException)
        {
            return null; // numbers that are no key
        }
    }

    private static RsaJwtKey? ReadRsa(JwtAlgorithm algorithm, JsonElement key)
    {
        if (Number(key, "n", NumberBytesMax) is not { } modulus || Number(key, "e", ExponentBytesMax) is not { } exponent)
            return null;
        var rsa = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = exponent });
        return rsa.KeySize is >= RsaJwtKey.BitsMin and <= RsaJwtKey.BitsMax ? new RsaJwtKey(algorithm, rsa) : null;
    }

    private static EcdsaJwtKey? ReadEcdsa(JwtAlgorithm algorithm, JsonElement key)
    {
        if (Number(key, "x", NumberBytesMax) is not { } x || Number(key, "y", NumberBytesMax) is not { } y)
            return null;
        ECDsa ecdsa = JwtKeyReader.NewEcdsa();
        ecdsa.ImportParameters(new ECParameters { Curve = ECCurve.CreateFromValue(algorithm.Curve!), Q = new ECPoint { X = x, Y = y } });
        return new EcdsaJwtKey(algorithm, ecdsa);
    }

    private static byte[]? Number(JsonElement key, string name, int bytesMax)
    {
        if (Text(key, name) is not { } text || text.Length > bytesMax * 2 || !Ascii.IsValid(text))
            return null;
        byte[] bytes = new byte[text.Length];
        return Base64UrlText.TryDecode(Encoding.ASCII.GetBytes(text), bytes, out int length) && length > 0 && length <= bytesMax ? bytes[..length] : null;
    }

    private static string? Text(JsonElement key, string name) =>
        key.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
