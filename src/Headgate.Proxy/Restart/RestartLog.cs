using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Restart;

/// <summary>What the keeping of nodes over a restart logs: 1360 to 1369.</summary>
internal static partial class RestartLog
{
    [LoggerMessage(1360, LogLevel.Information, "What was learnt about nodes before the restart is remembered: {Nodes} nodes, as of {Seconds:F0} s ago.")]
    public static partial void NodesRead(ILogger logger, int nodes, double seconds);

    [LoggerMessage(1361, LogLevel.Warning, "{File} cannot be used: {Problem}. It was moved to {Aside}; nothing is remembered of nodes from before the restart.")]
    public static partial void FileSetAside(ILogger logger, string file, string problem, string aside);

    [LoggerMessage(1362, LogLevel.Warning, "What is learnt about nodes cannot be kept in {File}: {Problem}. It is tried again; a restart before it succeeds forgets what came since.")]
    public static partial void FileNotWritten(ILogger logger, string file, string problem);

    [LoggerMessage(1363, LogLevel.Information, "What is learnt about nodes is kept in {File} again.")]
    public static partial void FileWrittenAgain(ILogger logger, string file);

    [LoggerMessage(1364, LogLevel.Warning, "{File} has reached {Bytes} bytes: of {Nodes} nodes nothing is kept over a restart.")]
    public static partial void FileFull(ILogger logger, string file, int bytes, int nodes);
}
