using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins;

/// <summary>What plugins log: 1600 to 1699.</summary>
internal static partial class PluginLog
{
    [LoggerMessage(1600, LogLevel.Error, "Plugin {Plugin} failed on a request of route {Route}, which is a mistake of the plugin's.")]
    public static partial void Failed(ILogger logger, string plugin, string route, Exception bug);

    [LoggerMessage(1601, LogLevel.Error, "Plugin {Plugin} cannot be made of its configuration, which is a mistake of the plugin's: its requests are answered 500.")]
    public static partial void Unmade(ILogger logger, string plugin, Exception bug);

    [LoggerMessage(1630, LogLevel.Warning, "The body of an answer of route {Route} could not be changed as its plugins ask for; the client does not get it.")]
    public static partial void BodyFailed(ILogger logger, string route, Exception failure);
}
