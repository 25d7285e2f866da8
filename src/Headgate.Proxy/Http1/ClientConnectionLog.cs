using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Http1;

/// <summary>Log messages of client connections; ids 1200 to 1299.</summary>
internal static partial class ClientConnectionLog
{
    [LoggerMessage(1200, LogLevel.Error, "A mistake in the gateway ended one client's connection; please report it")]
    public static partial void GatewayBug(ILogger logger, Exception error);
}
