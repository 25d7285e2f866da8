using Microsoft.Extensions.Logging;

namespace Headgate.Control.AdminApi;

internal static partial class AdminApiLog
{
    [LoggerMessage(1400, LogLevel.Error, "The Admin API failed at {Method} {Path}; the client got 500.")]
    public static partial void RequestFailed(ILogger logger, string method, string path, Exception exception);

    [LoggerMessage(1401, LogLevel.Warning, "The Admin API cannot follow the store: {Reason}. Trying again in {Delay}.")]
    public static partial void StoreNotFollowed(ILogger logger, string reason, TimeSpan delay);

    [LoggerMessage(1402, LogLevel.Warning, "The store no longer holds every revision after {Revision}; the Admin API reads everything anew.")]
    public static partial void RevisionsMissed(ILogger logger, long revision);

    [LoggerMessage(1403, LogLevel.Warning, "A request to the Admin API was refused: {Address} {Method}: {Reason}.")]
    public static partial void AccessRefused(ILogger logger, string address, string method, string reason);

    [LoggerMessage(1404, LogLevel.Warning, "{Key} was deleted by force although it is in use.")]
    public static partial void DeletedInUse(ILogger logger, string key);

    [LoggerMessage(1405, LogLevel.Warning, "{Key} in the store is not JSON and was left out of an answer.")]
    public static partial void EntryNotJson(ILogger logger, string key);
}
