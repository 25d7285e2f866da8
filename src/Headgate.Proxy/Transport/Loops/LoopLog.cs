using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Transport.Loops;

/// <summary>Log messages of the event loops; ids 1220 to 1239.</summary>
internal static partial class LoopLog
{
    [LoggerMessage(1220, LogLevel.Error, "A mistake in the gateway ended one connection on an event loop; please report it")]
    public static partial void LoopBug(ILogger logger, Exception error);

    [LoggerMessage(1221, LogLevel.Warning, "No descriptor is left for a new client (error {Error}): it is refused, and so are those after it until connections end")]
    public static partial void OutOfDescriptors(ILogger logger, int error);

    [LoggerMessage(1222, LogLevel.Warning, "TLS of HTTP/1.1 clients is left to Kestrel, which costs more: {Problem}")]
    public static partial void TlsLeftToKestrel(ILogger logger, string problem);
}
