using System.Text.Json;
using Headgate.Proxy.Plugins.Jwt;

namespace Headgate.Proxy.Tests.Plugins.Jwt;

/// <summary>Keys, and tokens made with them by another library; see Vectors/README.md.</summary>
internal static class JwtVectors
{
    private static readonly JsonElement Root = Load();

    /// <summary>The names of all algorithms.</summary>
    public static TheoryData<string> Algorithms => [.. Root.GetProperty("algorithms").EnumerateObject().Select(algorithm => algorithm.Name)];

    /// <summary>The names of those with a public key.</summary>
    public static TheoryData<string> PublicAlgorithms => [.. Algorithms.Select(row => row.Data).Where(name => !name.StartsWith("HS", StringComparison.Ordinal))];

    /// <summary>The secret of <see cref="Claims"/>.</summary>
    public static string Secret => Root.GetProperty("secret").GetString()!;

    /// <summary>When <see cref="Token"/> was made: where a clock of the tests begins.</summary>
    public static DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds(Root.GetProperty("now").GetInt64());

    /// <summary>A token of an algorithm: key <c>jack</c>, from now on for an hour. <paramref name="kind"/>: also <c>ofAnotherKey</c>, <c>confused</c>.</summary>
    public static string Token(string algorithm, string kind = "token") => Root.GetProperty("algorithms").GetProperty(algorithm).GetProperty(kind).GetString()!;

    /// <summary>A token of HS256 and <see cref="Secret"/> with certain claims.</summary>
    public static string Claims(string name) => Root.GetProperty("claims").GetProperty(name).GetString()!;

    /// <summary>The public key of an algorithm as PEM.</summary>
    public static string PublicKey(string algorithm) => Token(algorithm, "publicKey");

    /// <summary>The secret of an algorithm.</summary>
    public static byte[] SecretOf(string algorithm) => System.Buffers.Text.Base64Url.DecodeFromChars(Token(algorithm, "secret"));

    /// <summary>What verifies <see cref="Token"/>.</summary>
    public static JwtKey Key(string name)
    {
        JwtAlgorithm algorithm = JwtAlgorithm.Find(name)!;
        if (algorithm.Family == JwtFamily.Hmac)
            return new HmacJwtKey(algorithm, SecretOf(name));
        return JwtKeyReader.Read(algorithm, PublicKey(name), out string problem) ?? throw new InvalidDataException(problem);
    }

    private static JsonElement Load()
    {
        using Stream stream = typeof(JwtVectors).Assembly.GetManifestResourceStream("tokens.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }
}
