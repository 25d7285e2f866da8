using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.MultiAuth;

/// <summary>Configuration of <c>multi-auth</c>. Source: APISIX, <c>apisix/plugins/multi-auth.lua</c>.</summary>
/// <param name="Ways">What is tried, in this order.</param>
public sealed record MultiAuthConfig(EquatableArray<AuthenticationWay> Ways) : PluginConfig;
