using Headgate.Core.Config.Plugins;

namespace Headgate.Proxy.Plugins.FaultInjection;

/// <summary>Configuration of <c>fault-injection</c>. Source: APISIX, <c>apisix/plugins/fault-injection.lua</c>.</summary>
/// <param name="Abort">What requests are answered; null = nothing.</param>
/// <param name="Delay">How they are held up before that; null = not.</param>
public sealed record FaultInjectionConfig(FaultAbort? Abort, FaultDelay? Delay) : PluginConfig;
