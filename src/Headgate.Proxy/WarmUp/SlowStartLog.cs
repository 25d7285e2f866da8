using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.WarmUp;

/// <summary>What slow start logs: 1340 to 1344.</summary>
internal static partial class SlowStartLog
{
    [LoggerMessage(1340, LogLevel.Information, "Node {Host}:{Port} of {Owner} warms up: it takes {Percent} % of its requests now and all of them in {Window}.")]
    public static partial void NodeWarmsUp(ILogger logger, string host, int port, string owner, double percent, TimeSpan window);

    [LoggerMessage(1341, LogLevel.Information, "Node {Host}:{Port} of {Owner} is warm: it takes all of its requests.")]
    public static partial void NodeIsWarm(ILogger logger, string host, int port, string owner);
}
