using Microsoft.Extensions.Logging;

namespace Headgate.Store.Standalone;

/// <summary>Log messages of the configuration that is given as a whole, ids 1056 to 1057.</summary>
internal static partial class StandaloneLog
{
    [LoggerMessage(1056, LogLevel.Information, "A new configuration was given: {Objects} objects, {Changed} of them other than before; revision {Revision}")]
    public static partial void Replaced(ILogger logger, int objects, int changed, long revision);

    [LoggerMessage(1057, LogLevel.Error, "{File} cannot be used: {Problem}. It was moved to {Aside}; nothing is served until a configuration is given.")]
    public static partial void FileSetAside(ILogger logger, string file, string problem, string aside);
}
