using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Registries.Eureka;

/// <summary>What a client of Eureka logs.</summary>
internal static partial class EurekaLog
{
    [LoggerMessage(1730, LogLevel.Debug, "Changes that Eureka at {Server} tells of do not lead to its own state, but to {Found} instead of {Expected}: all is read anew")]
    public static partial void DeltaLost(ILogger logger, string server, string found, string? expected);

    [LoggerMessage(1731, LogLevel.Warning, "{Count} entries of Eureka's registry at {Server} cannot be told to be of any service and are left out, such as {Problem}")]
    public static partial void Garbled(ILogger logger, int count, string server, string problem);
}
