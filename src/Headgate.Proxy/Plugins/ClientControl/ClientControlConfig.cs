using Headgate.Core.Config.Plugins;

namespace Headgate.Proxy.Plugins.ClientControl;

/// <summary>Configuration of <c>client-control</c>. Source: APISIX, <c>apisix/plugins/client-control.lua</c>.</summary>
/// <param name="BodyBytesMax">Bytes of a request's body, 0 = any number; null = what the gateway allows.</param>
public sealed record ClientControlConfig(long? BodyBytesMax) : PluginConfig;
