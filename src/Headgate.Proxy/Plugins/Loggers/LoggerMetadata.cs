using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.Loggers;

/// <summary>What all uses of a plugin that logs requests share: its metadata.</summary>
/// <param name="LogFormat">Members of an entry where the configuration names none; empty = it names none either.</param>
/// <param name="Path">The file where the configuration names none, for <c>file-logger</c>; null = none.</param>
internal sealed record LoggerMetadata(EquatableArray<LogMember> LogFormat, string? Path = null) : PluginConfig;
