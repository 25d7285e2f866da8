using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins.Redis;

/// <summary>What is logged of Redis servers: 1620 to 1629.</summary>
internal static partial class RedisLog
{
    [LoggerMessage(1620, LogLevel.Warning, "Redis at {Server} cannot be used: {Reason}")]
    public static partial void Lost(ILogger logger, RedisServer server, string reason);

    [LoggerMessage(1621, LogLevel.Information, "Redis at {Server} can be used again")]
    public static partial void Found(ILogger logger, RedisServer server);

    [LoggerMessage(1622, LogLevel.Warning, "Redis at {Server} refuses a script: {Reason}")]
    public static partial void Refused(ILogger logger, RedisServer server, string reason);
}
