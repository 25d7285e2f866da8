using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Headgate.Proxy.Plugins.Jwt;

namespace Headgate.Proxy.Plugins.OpenIdConnect;

/// <summary>What a token must be besides signed. Immutable, thread-safe; allocates nothing.</summary>
internal sealed class TokenRules(OpenIdConnectConfig config, TokenRefusals refusals)
{
    private const int TextBytesMax = 2048;

    private readonly ImmutableArray<JwtAlgorithm> _algorithms =
        [.. JwtAlgorithm.All.Where(algorithm => config.Algorithm is { } name ? algorithm.Name == name : algorithm.Family != JwtFamily.Hmac)];

    private readonly byte[][] _issuers = Bytes(config.ValidIssuers.Items);
    private readonly byte[][] _scopes = Bytes(config.RequiredScopes.Items);
    private readonly byte[] _audienceClaim = Encoding.UTF8.GetBytes(config.AudienceClaim);
    private readonly byte[] _clientId = Encoding.UTF8.GetBytes(config.ClientId);

    /// <summary>Whether the provider has to be asked for its name.</summary>
    public bool NeedsIssuer => _issuers.Length == 0;

    /// <summary>Whether a token of that algorithm is looked at. Never one that is signed by a secret, or by nobody.</summary>
    public bool Allows(scoped in JwtToken token)
    {
        Span<byte> scratch = stackalloc byte[16];
        if (!token.Header.TryGetText("alg"u8, scratch, out ReadOnlySpan<byte> name))
            return false;
        foreach (JwtAlgorithm algorithm in _algorithms)
        {
            if (algorithm.IsNamed(name))
                return true;
        }

        return false;
    }

    /// <summary>Why a signed token is refused; null = it is not. <paramref name="issuer"/>: the provider's name, where it counts.</summary>
    public TokenRefusal? Check(scoped in JwtObject claims, ReadOnlySpan<byte> issuer, DateTimeOffset now)
    {
        if (!IsIssuedBy(claims, issuer))
            return refusals.Issuer;
        if (!new JwtLifetime(JwtTimeRule.IfPresent, JwtTimeRule.Ignored).Includes(now, claims, config.LeewaySeconds))
            return refusals.Expired;
        if (!new JwtLifetime(JwtTimeRule.Ignored, JwtTimeRule.IfPresent).Includes(now, claims, config.LeewaySeconds))
            return refusals.Early;
        if (!HasScopes(claims))
            return refusals.Scopes;
        if ((config.RequiresAudience || config.MatchesClientId) && claims.TypeOf(_audienceClaim) is JsonTokenType.None or JsonTokenType.Null)
            return refusals.NoAudience;
        return config.MatchesClientId && !claims.HasText(_audienceClaim, _clientId) ? refusals.Audience : null;
    }

    private bool IsIssuedBy(scoped in JwtObject claims, ReadOnlySpan<byte> issuer)
    {
        Span<byte> scratch = stackalloc byte[TextBytesMax];
        if (!claims.TryGetText("iss"u8, scratch, out ReadOnlySpan<byte> name))
            return false;
        if (NeedsIssuer)
            return name.SequenceEqual(issuer);
        foreach (byte[] valid in _issuers)
        {
            if (name.SequenceEqual(valid))
                return true;
        }

        return false;
    }

    private bool HasScopes(scoped in JwtObject claims)
    {
        if (_scopes.Length == 0)
            return true;
        Span<byte> scratch = stackalloc byte[TextBytesMax];
        if (!claims.TryGetText("scope"u8, scratch, out ReadOnlySpan<byte> granted))
            return false;
        foreach (byte[] scope in _scopes)
        {
            if (!HasWord(granted, scope))
                return false;
        }

        return true;
    }

    private static bool HasWord(ReadOnlySpan<byte> words, ReadOnlySpan<byte> word)
    {
        foreach (Range range in words.SplitAny(" \t\r\n"u8))
        {
            if (words[range].SequenceEqual(word))
                return true;
        }

        return false;
    }

    private static byte[][] Bytes(ImmutableArray<string> texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
