using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Probes;

/// <summary>What health checks log: 1310 to 1319.</summary>
internal static partial class HealthLog
{
    [LoggerMessage(1310, LogLevel.Warning, "Node {Host}:{Port} of {Owner} is unhealthy now, found by a {Source}: {Reason}. It gets no requests while another node is healthy.")]
    public static partial void NodeUnhealthy(ILogger logger, string host, int port, string owner, string source, string reason);

    [LoggerMessage(1311, LogLevel.Information, "Node {Host}:{Port} of {Owner} is healthy again, found by a {Source}: {Reason}.")]
    public static partial void NodeHealthy(ILogger logger, string host, int port, string owner, string source, string reason);

    [LoggerMessage(1312, LogLevel.Information, "Node {Host}:{Port} of {Owner} is new and gets no requests before a probe of it succeeds.")]
    public static partial void NodeAwaited(ILogger logger, string host, int port, string owner);

    [LoggerMessage(1313, LogLevel.Information, "Node {Host}:{Port} of {Owner} gets requests now, found by a {Source}: {Reason}.")]
    public static partial void NodeAdmitted(ILogger logger, string host, int port, string owner, string source, string reason);

    [LoggerMessage(1316, LogLevel.Warning, "{Count} probe(s) could not be made, the latest of {Host}:{Port} of {Owner}: the gateway has no file descriptor, memory or local port left for them. They count for nothing and nodes keep their health; raise the limit of open files, or widen net.ipv4.ip_local_port_range.")]
    public static partial void ProbesMissed(ILogger logger, long count, string host, int port, string owner);
}
