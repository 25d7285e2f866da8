using Microsoft.Extensions.Logging;

namespace Headgate.Store.Yaml;

/// <summary>Log messages of the file of configuration, ids 1052 to 1054.</summary>
internal static partial class YamlLog
{
    [LoggerMessage(1052, LogLevel.Information, "{File} was read: {Objects} objects, {Changed} of them other than before; revision {Revision}")]
    public static partial void FileRead(ILogger logger, string file, int objects, int changed, long revision);

    [LoggerMessage(1053, LogLevel.Error, "{File} cannot be used, and nothing of it is taken: {Reason}")]
    public static partial void FileNotUsable(ILogger logger, string file, string reason);

    [LoggerMessage(1054, LogLevel.Warning, "{File}: {Problem}")]
    public static partial void FileHasProblem(ILogger logger, string file, string problem);
}
