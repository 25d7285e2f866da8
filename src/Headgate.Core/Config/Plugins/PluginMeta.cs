using Headgate.Core.Config.Expressions;

namespace Headgate.Core.Config.Plugins;

/// <summary>What <c>_meta</c> says about a plugin, whichever it is. Source: APISIX, <c>apisix/schema_def.lua</c> plugin_injected_schema.</summary>
public sealed record PluginMeta
{
    /// <summary>Nothing is said.</summary>
    public static PluginMeta None { get; } = new();

    /// <summary>The plugin does not run.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>In place of <see cref="PluginDefinition.Priority"/>; null = that.</summary>
    public int? Priority { get; init; }

    /// <summary>It runs for requests for which this holds; null = for all.</summary>
    public VarsExpression? Filter { get; init; }

    /// <summary>Body of its refusals in place of its own: a text as it is, or JSON; null = its own.</summary>
    public string? ErrorResponse { get; init; }

    /// <summary>Whether <see cref="ErrorResponse"/> is JSON.</summary>
    public bool IsErrorJson { get; init; }
}
