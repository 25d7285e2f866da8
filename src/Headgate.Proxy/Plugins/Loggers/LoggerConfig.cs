using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.Loggers;

/// <summary>What the configurations of all plugins that log requests have. Source: APISIX, <c>apisix/utils/log-util.lua</c>.</summary>
public abstract record LoggerConfig : PluginConfig
{
    /// <summary>Members of an entry: name, and a text or, behind a dollar, a variable. Empty = APISIX's default entry.</summary>
    public EquatableArray<LogMember> LogFormat { get; init; } = [];

    /// <summary>Which bodies are kept for entries.</summary>
    public LoggedBodies Bodies { get; init; } = LoggedBodies.None;
}
