using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Http2;

/// <summary>Log messages of the HTTP/2 front; ids 1250 to 1259.</summary>
internal static partial class Http2Log
{
    [LoggerMessage(1250, LogLevel.Error, "A mistake in the gateway ended one HTTP/2 stream; please report it")]
    public static partial void GatewayBug(ILogger logger, Exception error);
}
