using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Telemetry.Logs;

/// <summary>What logs of requests say about themselves: 1640 to 1649.</summary>
internal static partial class LogsLog
{
    [LoggerMessage(1640, LogLevel.Error, "The log {Path} cannot be written, and its lines are lost until it can: {Problem}")]
    public static partial void NotWritten(ILogger logger, string path, string problem);

    [LoggerMessage(1641, LogLevel.Warning, "{Lines} lines of the log {Path} were lost within the last minute or so, because they came faster than they could be written")]
    public static partial void LinesLost(ILogger logger, long lines, string path);
}
