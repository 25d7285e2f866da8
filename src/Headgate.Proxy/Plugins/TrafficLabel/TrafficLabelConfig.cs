using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.TrafficLabel;

/// <summary>Configuration of <c>traffic-label</c>. Source: APISIX, <c>apisix/plugins/traffic-label.lua</c>.</summary>
/// <param name="Rules">The first that takes a request decides; at least one.</param>
public sealed record TrafficLabelConfig(EquatableArray<LabelRule> Rules) : PluginConfig;
