using Microsoft.Extensions.Logging;

namespace Headgate.Hosting;

/// <summary>What the start logs: 1540 to 1549.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1540, LogLevel.Information, "Plugin {Plugin} (priority {Priority}) is loaded from {Assembly}")]
    public static partial void PluginLoaded(ILogger logger, string plugin, int priority, string assembly);

    [LoggerMessage(1541, LogLevel.Error, "{Assembly} cannot be loaded: requests of routes that name its plugins are answered 503")]
    public static partial void PluginAssemblyFailed(ILogger logger, string assembly, Exception reason);

    [LoggerMessage(1542, LogLevel.Error, "There is a plugin {Plugin} already: that of {Assembly} is left out")]
    public static partial void PluginNameTaken(ILogger logger, string plugin, string assembly);

    [LoggerMessage(1543, LogLevel.Warning, "The store cannot be asked for users now, and gets its first one at another start if it has none: {Reason}")]
    public static partial void NoFirstUser(ILogger logger, string reason);
}
