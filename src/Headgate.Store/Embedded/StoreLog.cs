using Microsoft.Extensions.Logging;

namespace Headgate.Store.Embedded;

/// <summary>Log messages of the embedded store, ids 1000 to 1049.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(1000, LogLevel.Information, "Store {Database} is open at revision {Revision} (SQLite {EngineVersion})")]
    public static partial void StoreOpened(ILogger logger, string database, long revision, string engineVersion);

    [LoggerMessage(1001, LogLevel.Information, "Store {Database} was created")]
    public static partial void StoreCreated(ILogger logger, string database);

    [LoggerMessage(1002, LogLevel.Warning, "The bundled SQLite {EngineVersion} is used, which gets no security updates: {Problem}; install Debian's libsqlite3-0")]
    public static partial void BundledEngineUsed(ILogger logger, string engineVersion, string problem);

    [LoggerMessage(1003, LogLevel.Error, "Commits fail now: {Problem}")]
    public static partial void CommitsFailing(ILogger logger, string problem);

    [LoggerMessage(1004, LogLevel.Information, "Commits succeed again in store {Database}")]
    public static partial void CommitsRecovered(ILogger logger, string database);

    [LoggerMessage(1005, LogLevel.Error, "Store {Database} takes no commits any more until it is opened anew: {Problem}")]
    public static partial void CommitsStopped(ILogger logger, string database, string problem);

    [LoggerMessage(1006, LogLevel.Warning, "The write-ahead log of {Database} could not be moved into it and keeps growing: {Problem}")]
    public static partial void CheckpointFailed(ILogger logger, string database, string problem);

    [LoggerMessage(1007, LogLevel.Information, "Store {Database} is closed at revision {Revision}")]
    public static partial void StoreClosed(ILogger logger, string database, long revision);
}
