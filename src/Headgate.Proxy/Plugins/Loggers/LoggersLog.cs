using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins.Loggers;

/// <summary>What plugins that log requests say about themselves.</summary>
internal static partial class LoggersLog
{
    [LoggerMessage(1642, LogLevel.Error, "{Entries} entries were lost that were to go to {Sink}, and so are further ones until one arrives: {Problem}")]
    public static partial void EntriesLost(ILogger logger, long entries, string sink, string problem);
}
