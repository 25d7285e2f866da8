using Headgate.Proxy.Plugins.Authentication;

namespace Headgate.Proxy.Plugins.BasicAuth;

/// <summary>Configuration of <c>basic-auth</c>. Source: APISIX, <c>apisix/plugins/basic-auth.lua</c>.</summary>
public sealed record BasicAuthConfig : AuthenticationConfig;
