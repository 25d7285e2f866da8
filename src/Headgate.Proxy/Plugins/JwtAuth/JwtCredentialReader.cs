using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.Authentication;
using Headgate.Proxy.Plugins.Jwt;

namespace Headgate.Proxy.Plugins.JwtAuth;

/// <summary>Reads what verifies a consumer's tokens: <c>algorithm</c>, and <c>secret</c> or <c>public_key</c>.</summary>
internal static class JwtCredentialReader
{
    private const string EdDsa = "EdDSA";

    private static readonly ImmutableArray<string> Algorithms = [.. JwtAlgorithm.All.Select(algorithm => algorithm.Name), EdDsa];

    /// <summary>The key; null, and reported, when it cannot be read. A reference to a secret is looked at when it stands for one: here it is only written.</summary>
    public static JwtKey? ReadKey(ObjectReader reader)
    {
        string? name = reader.Has("algorithm") ? reader.Choice("algorithm", Algorithms) : "HS256";
        string? secret = reader.Text("secret", 1);
        string? publicKey = reader.Text("public_key", 1);
        bool isBase64 = reader.Flag("base64_secret") ?? false;
        if (name is null)
            return null;
        if (JwtAlgorithm.Find(name) is not { } algorithm)
        {
            SchemaRules.Refuse(reader, $"algorithm: EdDSA is not there, as .NET has no Ed25519; allowed: {string.Join(", ", Algorithms.Remove(EdDsa))}");
            return null;
        }

        return algorithm.Family == JwtFamily.Hmac ? ReadSecret(reader, algorithm, secret, isBase64) : ReadPublicKey(reader, algorithm, publicKey);
    }

    private static JwtKey? ReadSecret(ObjectReader reader, JwtAlgorithm algorithm, string? secret, bool isBase64)
    {
        WarnWithoutEffect(reader, "public_key", algorithm);
        if (!reader.Has("secret"))
            SchemaRules.Refuse(reader, "property \"secret\" is required when using HS based algorithms");
        if (secret is null)
            return null;
        if (SecretReference.Is(secret))
            return new UnresolvedJwtKey(algorithm);

        byte[] bytes = Encoding.UTF8.GetBytes(secret);
        if (isBase64)
        {
            byte[] decoded = new byte[Base64Text.DecodedMax(bytes.Length)];
            if (!Base64Text.TryDecode(bytes, decoded, out int length))
            {
                SchemaRules.Refuse(reader, "base64_secret required but the secret is not in base64 format");
                return null;
            }

            bytes = decoded[..length];
        }

        int least = int.Parse(algorithm.Name.AsSpan(2), CultureInfo.InvariantCulture) / 8;
        if (bytes.Length < least)
        {
            reader.Findings.Warn(
                reader.At.Property("secret"),
                string.Create(CultureInfo.InvariantCulture, $"secret: {bytes.Length} bytes are fewer than the {least} that {algorithm.Name} is to have (RFC 7518 section 3.2): whoever has a token can try to guess them"));
        }

        return new HmacJwtKey(algorithm, bytes);
    }

    private static JwtKey? ReadPublicKey(ObjectReader reader, JwtAlgorithm algorithm, string? publicKey)
    {
        WarnWithoutEffect(reader, "secret", algorithm);
        if (!reader.Has("public_key"))
            SchemaRules.Refuse(reader, $"failed to validate dependent schema for \"algorithm\": value should match only one schema, but matches none (public_key is required with {algorithm.Name})");
        if (publicKey is null)
            return null;
        if (SecretReference.Is(publicKey))
            return new UnresolvedJwtKey(algorithm);

        JwtKey? key = JwtKeyReader.Read(algorithm, publicKey, out string problem);
        if (key is null)
            SchemaRules.Refuse(reader, $"public_key: {problem}");
        return key;
    }

    private static void WarnWithoutEffect(ObjectReader reader, string name, JwtAlgorithm algorithm)
    {
        if (reader.Has(name))
            reader.Findings.Warn(reader.At.Property(name), $"{name} has no effect with {algorithm.Name}");
    }
}
