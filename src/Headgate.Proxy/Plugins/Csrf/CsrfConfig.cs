using Headgate.Core.Config.Plugins;

namespace Headgate.Proxy.Plugins.Csrf;

/// <summary>Configuration of <c>csrf</c>. Source: APISIX, <c>apisix/plugins/csrf.lua</c>.</summary>
/// <param name="Key">What tokens are signed with; gateways with the same one take each other's. Never logged.</param>
/// <param name="ExpiresSeconds">How long a token counts, seconds; 0 and less = for ever, though the cookie goes at once.</param>
/// <param name="TokenName">Name of the cookie, and of the header field that must say the same.</param>
public sealed record CsrfConfig(string Key, int ExpiresSeconds, string TokenName) : PluginConfig
{
    /// <summary>Leaves the key out.</summary>
    public override string ToString() => $"CsrfConfig {{ ExpiresSeconds = {ExpiresSeconds}, TokenName = {TokenName} }}";
}
