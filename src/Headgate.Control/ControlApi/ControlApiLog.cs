using Microsoft.Extensions.Logging;

namespace Headgate.Control.ControlApi;

internal static partial class ControlApiLog
{
    [LoggerMessage(1450, LogLevel.Error, "The control API failed at {Path}; the client got 500.")]
    public static partial void RequestFailed(ILogger logger, string path, Exception exception);
}
