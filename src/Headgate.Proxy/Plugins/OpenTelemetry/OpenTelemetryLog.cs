using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins.OpenTelemetry;

/// <summary>What <c>opentelemetry</c> says about itself: 1690 to 1699.</summary>
internal static partial class OpenTelemetryLog
{
    [LoggerMessage(1690, LogLevel.Warning, "opentelemetry traces nothing as long as it has no plugin_metadata, which may be empty")]
    public static partial void NoMetadata(ILogger logger);

    [LoggerMessage(1691, LogLevel.Warning, "A span was dropped because it takes more than {Bytes} bytes, and so are further ones without a word")]
    public static partial void SpanTooLarge(ILogger logger, int bytes);
}
