using Microsoft.Extensions.Logging;

namespace Headgate.Store.Etcd;

/// <summary>Log messages of the etcd store, ids 1020 to 1039, without 1028, which is of the encryption.</summary>
internal static partial class EtcdLog
{
    [LoggerMessage(1020, LogLevel.Information, "The etcd store is open at revision {Revision}; members: {Members}")]
    public static partial void StoreOpened(ILogger logger, long revision, string members);

    [LoggerMessage(1021, LogLevel.Warning, "The etcd store cannot be opened and is tried again ({Retries} more times): {Problem}")]
    public static partial void NotOpened(ILogger logger, int retries, string problem);

    [LoggerMessage(1022, LogLevel.Information, "{Key} was changed by another program at revision {Revision}")]
    public static partial void ForeignChange(ILogger logger, string key, long revision);

    [LoggerMessage(1023, LogLevel.Warning, "What others change below {Prefix} cannot be followed for the history and is tried again: {Problem}")]
    public static partial void NotRecording(ILogger logger, string prefix, string problem);

    [LoggerMessage(1024, LogLevel.Information, "What others change below {Prefix} is followed for the history again")]
    public static partial void RecordingAgain(ILogger logger, string prefix);

    [LoggerMessage(1025, LogLevel.Warning, "etcd was compacted before all changes below {Prefix} between the revisions {From} and {To} were seen: of what others changed there the history has the last values, and no deletions")]
    public static partial void ChangesNotRecorded(ILogger logger, string prefix, long from, long to);

    [LoggerMessage(1029, LogLevel.Warning, "Changes in the etcd store are not seen now: {Problem}. What was read last stays in use; watches go on as soon as they can")]
    public static partial void WatchesFail(ILogger logger, string problem);

    [LoggerMessage(1030, LogLevel.Information, "Changes in the etcd store are seen again")]
    public static partial void WatchesGoOn(ILogger logger);
}
