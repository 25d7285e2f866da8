using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config;

/// <summary>
/// Plugins under one id: a plugin config, a consumer group or a global rule, as a user wrote it, typed. Source: APISIX's schemas of the three
/// (docs/reference/plugin-sets.md).
/// </summary>
public sealed record PluginSetConfig
{
    /// <summary>Id of the object.</summary>
    public required string Id { get; init; }

    /// <summary>Display name; null when absent, and always of a global rule.</summary>
    public string? Name { get; init; }

    /// <summary>The plugins it carries, in the order written.</summary>
    public EquatableArray<PluginSetting> Plugins { get; init; } = [];

    /// <summary>Names of plugins it carries that this gateway does not have.</summary>
    public EquatableArray<string> UnknownPlugins { get; init; } = [];
}
