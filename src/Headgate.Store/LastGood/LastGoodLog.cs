using Microsoft.Extensions.Logging;

namespace Headgate.Store.LastGood;

/// <summary>Log messages of the last good configuration, ids 1060 to 1065.</summary>
internal static partial class LastGoodLog
{
    [LoggerMessage(1060, LogLevel.Error, "The configuration is taken from {File}, revision {Revision} of {Written:u}, because its source cannot be read: {Reason}. It is tried again and again.")]
    public static partial void Served(ILogger logger, string file, long revision, DateTimeOffset written, string reason);

    [LoggerMessage(1061, LogLevel.Information, "The source of the configuration can be read again, at revision {Revision}; it is followed from now on")]
    public static partial void SourceIsBack(ILogger logger, long revision);

    [LoggerMessage(1062, LogLevel.Error, "{File} cannot be used: {Problem}. It was moved to {Aside}; without its source this gateway has no configuration.")]
    public static partial void FileSetAside(ILogger logger, string file, string problem, string aside);

    [LoggerMessage(1063, LogLevel.Warning, "The configuration cannot be kept in {File}: {Problem}. It is tried again; until then a restart without its source finds an older one.")]
    public static partial void FileNotWritten(ILogger logger, string file, string problem);

    [LoggerMessage(1064, LogLevel.Information, "The configuration is kept in {File} again")]
    public static partial void FileWrittenAgain(ILogger logger, string file);

    [LoggerMessage(1065, LogLevel.Warning, "{File} is of another source ({Theirs}, not {Ours}) and is not used; it is written over when the source is read")]
    public static partial void FileOfAnotherSource(ILogger logger, string file, string theirs, string ours);
}
