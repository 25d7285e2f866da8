using System.Text;

namespace Headgate.Proxy.Plugins.OpenIdConnect;

/// <summary>The refusals of a configuration. Source: APISIX; RFC 6750 §3.</summary>
internal sealed class TokenRefusals(OpenIdConnectConfig config)
{
    /// <summary>No token.</summary>
    public TokenRefusal Missing { get; } = new(401, Encoding.ASCII.GetBytes($"Bearer realm=\"{config.Realm}\""));

    /// <summary><c>Authorization</c> is nothing that has a scheme.</summary>
    public TokenRefusal NoScheme { get; } = new(400);

    /// <summary>No JWT.</summary>
    public TokenRefusal Malformed { get; } = Invalid(config, "invalid jwt");

    /// <summary>Its algorithm is not allowed.</summary>
    public TokenRefusal Algorithm { get; } = Invalid(config, "token is signed by unexpected algorithm");

    /// <summary>Not signed by a key that is known now.</summary>
    public TokenRefusal UnknownKey { get; } = Invalid(config, "token is signed by an unknown key");

    /// <summary>Not signed by the key that it names.</summary>
    public TokenRefusal NotSigned { get; } = Invalid(config, "jwt signature verification failed");

    /// <summary>Nothing is known of the provider.</summary>
    public TokenRefusal NoProvider { get; } = Invalid(config, "issuer validation unavailable");

    /// <summary>Made by somebody else.</summary>
    public TokenRefusal Issuer { get; } = Invalid(config, "token has an unexpected issuer");

    /// <summary>Too old.</summary>
    public TokenRefusal Expired { get; } = Invalid(config, "JWT expired");

    /// <summary>From the future.</summary>
    public TokenRefusal Early { get; } = Invalid(config, "JWT is not valid yet");

    /// <summary>A scope is missing.</summary>
    public TokenRefusal Scopes { get; } = new(403, Body: JsonBodies.Error($"required scopes {string.Join(", ", config.RequiredScopes.Items)} not present"));

    /// <summary>It does not say for whom it is.</summary>
    public TokenRefusal NoAudience { get; } = new(403, Body: JsonBodies.Error("required audience claim not present"));

    /// <summary>It is for somebody else.</summary>
    public TokenRefusal Audience { get; } = new(403, Body: JsonBodies.Error("mismatched audience"));

    private static TokenRefusal Invalid(OpenIdConnectConfig config, string description) =>
        new(401, Encoding.ASCII.GetBytes($"Bearer realm=\"{config.Realm}\", error=\"invalid_token\", error_description=\"{description}\""));
}
