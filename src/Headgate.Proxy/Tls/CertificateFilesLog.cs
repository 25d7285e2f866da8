using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Tls;

/// <summary>What becomes of certificate files that change: 1230 to 1239.</summary>
internal static partial class CertificateFilesLog
{
    [LoggerMessage(1230, LogLevel.Information, "{Setting} was read again: new connections are shown {Subject}, valid until {NotAfter:u}")]
    public static partial void ReadAgain(ILogger logger, string setting, string subject, DateTime notAfter);

    [LoggerMessage(1231, LogLevel.Error, "Certificate files have changed and cannot be used; what was read before stays in use. {Problem}")]
    public static partial void NotUsable(ILogger logger, string problem);
}
