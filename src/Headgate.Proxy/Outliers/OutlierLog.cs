using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Outliers;

/// <summary>What outlier detection logs: 1330 to 1339.</summary>
internal static partial class OutlierLog
{
    [LoggerMessage(1330, LogLevel.Warning, "Node {Host}:{Port} of {Owner} is ejected as an outlier ({Detection}): {Reason}.")]
    public static partial void NodeEjected(ILogger logger, string host, int port, string owner, string detection, string reason);

    [LoggerMessage(1331, LogLevel.Information, "Node {Host}:{Port} of {Owner} gets requests again after its ejection: {Reason}.")]
    public static partial void NodeReturned(ILogger logger, string host, int port, string owner, string reason);
}
