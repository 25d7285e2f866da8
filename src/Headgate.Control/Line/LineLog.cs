using Microsoft.Extensions.Logging;

namespace Headgate.Control.Line;

internal static partial class LineLog
{
    [LoggerMessage(1420, LogLevel.Information, "The line to the control plane {Address} is there.")]
    public static partial void Connected(ILogger logger, string address);

    [LoggerMessage(1421, LogLevel.Warning, "The control plane {Address} cannot be reached: {Reason}. Traffic is not concerned; trying again until it is there.")]
    public static partial void NotConnected(ILogger logger, string address, string reason);

    [LoggerMessage(1422, LogLevel.Error, "The instance failed at a question of a control plane: {Method} {Path}.")]
    public static partial void QuestionFailed(ILogger logger, string method, string path, Exception exception);

    [LoggerMessage(1423, LogLevel.Warning, "A line was refused: {Address}: {Reason}.")]
    public static partial void Refused(ILogger logger, string address, string reason);

    [LoggerMessage(1424, LogLevel.Information, "Instance {Instance} of gateway group {Group} is here, version {Version}.")]
    public static partial void InstanceCame(ILogger logger, string instance, string group, string version);

    [LoggerMessage(1425, LogLevel.Warning, "The line to instance {Instance} of gateway group {Group} broke: {Reason}.")]
    public static partial void InstanceLost(ILogger logger, string instance, string group, string reason);

    [LoggerMessage(1426, LogLevel.Information, "Instance {Instance} of gateway group {Group} has stopped.")]
    public static partial void InstanceLeft(ILogger logger, string instance, string group);

    [LoggerMessage(1427, LogLevel.Warning, "A second line of instance {Instance} of gateway group {Group}, from {Hostname}, is refused: {Reason}.")]
    public static partial void InstanceTwice(ILogger logger, string instance, string group, string hostname, string reason);
}
