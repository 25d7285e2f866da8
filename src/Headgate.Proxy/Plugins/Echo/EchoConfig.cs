using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.Echo;

/// <summary>Configuration of <c>echo</c>. Source: APISIX, <c>apisix/plugins/echo.lua</c>.</summary>
/// <param name="Before">Text in front of the body; null = none.</param>
/// <param name="Body">Text in place of the body; null = the answer's.</param>
/// <param name="After">Text behind the body; null = none.</param>
/// <param name="Headers">Fields that are sent in place of those that are there.</param>
public sealed record EchoConfig(string? Before, string? Body, string? After, EquatableArray<HeaderTemplate> Headers) : PluginConfig;
