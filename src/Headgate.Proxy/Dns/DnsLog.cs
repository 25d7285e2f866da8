using System.Net;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Dns;

/// <summary>What resolving logs: 1710 to 1719.</summary>
internal static partial class DnsLog
{
    [LoggerMessage(1710, LogLevel.Warning, "Name server {Server} does not answer ({Reason}); others are asked first until it does.")]
    public static partial void ServerSilent(ILogger logger, IPEndPoint server, string reason);

    [LoggerMessage(1711, LogLevel.Information, "Name server {Server} answers again.")]
    public static partial void ServerAnswersAgain(ILogger logger, IPEndPoint server);

    [LoggerMessage(1712, LogLevel.Warning, "{Path} cannot be read: {Reason}. What it said before counts, or the defaults.")]
    public static partial void FileUnreadable(ILogger logger, string path, string reason);
}
