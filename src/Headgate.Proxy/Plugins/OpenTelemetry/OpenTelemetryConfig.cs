using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.OpenTelemetry;

/// <summary>Configuration of <c>opentelemetry</c>. Source: APISIX, <c>apisix/plugins/opentelemetry.lua</c>.</summary>
/// <param name="Sampler">Which requests are traced.</param>
public sealed record OpenTelemetryConfig(SamplerConfig Sampler) : PluginConfig
{
    /// <summary>Variables that spans carry as attributes.</summary>
    public EquatableArray<string> Attributes { get; init; } = [];

    /// <summary>Header fields that spans carry as attributes, in lower case; those that begin so where an asterisk stands behind.</summary>
    public EquatableArray<string> Fields { get; init; } = [];
}
