using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Headgate.Proxy.Plugins.Jwt;

/// <summary>An algorithm by which tokens are signed (RFC 7518 §3.1). <c>none</c> is not among them, nor EdDSA, which .NET does not have. Immutable.</summary>
internal sealed class JwtAlgorithm
{
    private readonly byte[] _name;

    private JwtAlgorithm(string name, JwtFamily family, HashAlgorithmName hash, string? curve = null)
    {
        (Name, Family, Hash, Curve) = (name, family, hash, curve);
        _name = Encoding.ASCII.GetBytes(name);
    }

    /// <summary>All of them.</summary>
    public static ImmutableArray<JwtAlgorithm> All { get; } =
    [
        new("HS256", JwtFamily.Hmac, HashAlgorithmName.SHA256),
        new("HS384", JwtFamily.Hmac, HashAlgorithmName.SHA384),
        new("HS512", JwtFamily.Hmac, HashAlgorithmName.SHA512),
        new("RS256", JwtFamily.Rsa, HashAlgorithmName.SHA256),
        new("RS384", JwtFamily.Rsa, HashAlgorithmName.SHA384),
        new("RS512", JwtFamily.Rsa, HashAlgorithmName.SHA512),
        new("ES256", JwtFamily.Ecdsa, HashAlgorithmName.SHA256, "1.2.840.10045.3.1.7"),
        new("ES384", JwtFamily.Ecdsa, HashAlgorithmName.SHA384, "1.3.132.0.34"),
        new("ES512", JwtFamily.Ecdsa, HashAlgorithmName.SHA512, "1.3.132.0.35"),
        new("PS256", JwtFamily.RsaPss, HashAlgorithmName.SHA256),
        new("PS384", JwtFamily.RsaPss, HashAlgorithmName.SHA384),
        new("PS512", JwtFamily.RsaPss, HashAlgorithmName.SHA512),
    ];

    /// <summary>Its name: <c>HS256</c>.</summary>
    public string Name { get; }

    /// <summary>What its key is.</summary>
    public JwtFamily Family { get; }

    /// <summary>The hash that is signed.</summary>
    public HashAlgorithmName Hash { get; }

    /// <summary>Object identifier of its curve; null unless it is of <see cref="JwtFamily.Ecdsa"/>.</summary>
    public string? Curve { get; }

    /// <summary>The algorithm of that name; null when there is none.</summary>
    public static JwtAlgorithm? Find(string name) => All.FirstOrDefault(algorithm => algorithm.Name == name);

    /// <summary>Whether a token's <c>alg</c> names it; names are case-sensitive.</summary>
    public bool IsNamed(ReadOnlySpan<byte> alg) => alg.SequenceEqual(_name);
}
