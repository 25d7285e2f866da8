using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins.ForwardAuth;

/// <summary>What is logged of servers that decide about requests: 1670 and 1671.</summary>
internal static partial class ForwardAuthLog
{
    [LoggerMessage(1670, LogLevel.Warning, "The authorization server {Server} cannot be asked: {Reason}")]
    public static partial void AuthorizationLost(ILogger logger, string server, string reason);

    [LoggerMessage(1671, LogLevel.Information, "The authorization server {Server} can be asked again")]
    public static partial void AuthorizationFound(ILogger logger, string server);
}
