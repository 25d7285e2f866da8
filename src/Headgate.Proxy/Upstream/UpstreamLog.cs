using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Upstream;

/// <summary>What the connections to nodes log: 1300 to 1399.</summary>
internal static partial class UpstreamLog
{
    [LoggerMessage(1300, LogLevel.Warning, "Host {Host} does not resolve: {Reason}. {Addresses} address(es) of the last good answer stay in use.")]
    public static partial void HostUnresolved(ILogger logger, string host, string reason, int addresses);

    [LoggerMessage(1301, LogLevel.Information, "Host {Host} resolves again, to {Addresses} address(es).")]
    public static partial void HostResolvedAgain(ILogger logger, string host, int addresses);
}
