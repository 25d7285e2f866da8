using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins.ProxyMirror;

/// <summary>What is logged of copies of requests: 1660 to 1662.</summary>
internal static partial class MirrorLog
{
    [LoggerMessage(1660, LogLevel.Warning, "{Copies} copies of requests were dropped since this was last said, the latest to {Server}: more are under way, or their bodies are larger, than is kept for servers that are slow to take them")]
    public static partial void CopiesDropped(ILogger logger, long copies, string server);

    [LoggerMessage(1661, LogLevel.Warning, "Copies of requests do not arrive at {Server}: {Reason}")]
    public static partial void MirrorLost(ILogger logger, string server, string reason);

    [LoggerMessage(1662, LogLevel.Information, "Copies of requests arrive at {Server} again")]
    public static partial void MirrorFound(ILogger logger, string server);
}
