using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.OpenIdConnect;

/// <summary>Configuration of <c>openid-connect</c>, of bearer tokens alone. Source: APISIX, <c>apisix/plugins/openid-connect.lua</c>.</summary>
public sealed record OpenIdConnectConfig : PluginConfig
{
    /// <summary>What the gateway is called at the provider.</summary>
    public required string ClientId { get; init; }

    /// <summary>The provider's discovery document.</summary>
    public required Uri Discovery { get; init; }

    /// <summary>Whether the provider's certificate is verified.</summary>
    public bool VerifiesTls { get; init; } = true;

    /// <summary>Time for each answer of the provider.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How old the provider's keys become before they are fetched anew.</summary>
    public TimeSpan KeysExpire { get; init; } = TimeSpan.FromDays(1);

    /// <summary>What clients are told they should identify themselves for.</summary>
    public string Realm { get; init; } = "apisix";

    /// <summary>The key that verifies tokens, PEM; null = the provider's do.</summary>
    public string? PublicKey { get; init; }

    /// <summary>The one algorithm that tokens may have; null = any for which there is a key.</summary>
    public string? Algorithm { get; init; }

    /// <summary>By how many seconds clocks may differ.</summary>
    public int LeewaySeconds { get; init; } = 120;

    /// <summary>Who may have made a token; none = the issuer that the discovery document names.</summary>
    public EquatableArray<string> ValidIssuers { get; init; }

    /// <summary>Scopes that a token must all have.</summary>
    public EquatableArray<string> RequiredScopes { get; init; }

    /// <summary>Claim that says for whom a token is.</summary>
    public string AudienceClaim { get; init; } = "aud";

    /// <summary>Whether a token must say for whom it is.</summary>
    public bool RequiresAudience { get; init; }

    /// <summary>Whether a token must be for <see cref="ClientId"/>.</summary>
    public bool MatchesClientId { get; init; }

    /// <summary>Field in which nodes get the token; null = they get it as the client has sent it.</summary>
    public string? TokenField { get; init; } = "X-Access-Token";

    /// <summary>Whether nodes get what the token says, in <c>X-Userinfo</c>.</summary>
    public bool ShowsUserinfo { get; init; } = true;
}
