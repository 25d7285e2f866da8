using Headgate.Proxy.Plugins.Authentication;
using Headgate.Proxy.Plugins.Jwt;

namespace Headgate.Proxy.Plugins.JwtAuth;

/// <summary>Configuration of <c>jwt-auth</c>. Source: APISIX, <c>apisix/plugins/jwt-auth.lua</c>.</summary>
internal sealed record JwtAuthConfig : AuthenticationConfig
{
    /// <summary>Field that has the token, behind <c>Bearer</c> or alone.</summary>
    public string Header { get; init; } = "authorization";

    /// <summary>Argument that has it when the field is absent.</summary>
    public string Query { get; init; } = "jwt";

    /// <summary>Cookie that has it when the argument is absent too.</summary>
    public string Cookie { get; init; } = "jwt";

    /// <summary>Claim that says which consumer's it is.</summary>
    public string KeyClaimName { get; init; } = "key";

    /// <summary>When tokens are in force.</summary>
    public JwtLifetime Lifetime { get; init; } = new(JwtTimeRule.IfPresent, JwtTimeRule.IfPresent);
}
