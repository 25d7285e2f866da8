using Microsoft.Extensions.Logging;

namespace Headgate.Store;

/// <summary>Log messages of the history of any store.</summary>
internal static partial class HistoryLog
{
    [LoggerMessage(1008, LogLevel.Information, "{Revisions} revisions made before {Time:u} were dropped from the history")]
    public static partial void HistoryDropped(ILogger logger, long revisions, DateTimeOffset time);

    [LoggerMessage(1009, LogLevel.Warning, "History made before {Time:u} could not be dropped and is tried again later: {Problem}")]
    public static partial void HistoryNotDropped(ILogger logger, DateTimeOffset time, string problem);
}
