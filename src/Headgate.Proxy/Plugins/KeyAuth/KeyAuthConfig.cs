using Headgate.Proxy.Plugins.Authentication;

namespace Headgate.Proxy.Plugins.KeyAuth;

/// <summary>Configuration of <c>key-auth</c>. Source: APISIX, <c>apisix/plugins/key-auth.lua</c>.</summary>
public sealed record KeyAuthConfig : AuthenticationConfig
{
    /// <summary>Field that has the key.</summary>
    public string Header { get; init; } = "apikey";

    /// <summary>Argument that has the key when the field is absent.</summary>
    public string Query { get; init; } = "apikey";
}
