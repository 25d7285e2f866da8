using Microsoft.Extensions.Logging;

namespace Headgate.Control.Instances;

internal static partial class InstanceLog
{
    [LoggerMessage(1430, LogLevel.Warning, "Instance {Instance} of gateway group {Group} is {State}: {Reason}.")]
    public static partial void NotHealthy(ILogger logger, string instance, string group, string state, string reason);

    [LoggerMessage(1431, LogLevel.Information, "Instance {Instance} of gateway group {Group} is healthy again, at revision {Revision}.")]
    public static partial void Healthy(ILogger logger, string instance, string group, long revision);
}
