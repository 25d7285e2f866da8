using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config;

/// <summary>A consumer as a user wrote it, typed. Source: APISIX consumer schema (docs/reference/consumer.md).</summary>
public sealed record ConsumerConfig
{
    /// <summary>Its name, which is its id: 1 to 256 letters, digits, <c>_</c>, <c>-</c>.</summary>
    public required string Username { get; init; }

    /// <summary>Id of its consumer group; null when it has none.</summary>
    public string? GroupId { get; init; }

    /// <summary>Value of its label <c>custom_id</c>, which nodes are told; null when it has none.</summary>
    public string? CustomId { get; init; }

    /// <summary>The plugins it carries, in the order written.</summary>
    public EquatableArray<PluginSetting> Plugins { get; init; } = [];

    /// <summary>Names of plugins it carries that this gateway does not have.</summary>
    public EquatableArray<string> UnknownPlugins { get; init; } = [];
}
