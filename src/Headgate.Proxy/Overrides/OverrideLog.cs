using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Overrides;

/// <summary>What operators' overrides log: 1320 to 1329.</summary>
internal static partial class OverrideLog
{
    [LoggerMessage(1320, LogLevel.Information, "Node {Host}:{Port} of {Owner} is draining, ordered by {Who} ({Note}). It gets no new requests.")]
    public static partial void DrainBegun(ILogger logger, string host, int port, string owner, string who, string note);

    [LoggerMessage(1321, LogLevel.Information, "Node {Host}:{Port} of {Owner} is drained: {Reason}.")]
    public static partial void Drained(ILogger logger, string host, int port, string owner, string reason);

    [LoggerMessage(1322, LogLevel.Information, "Node {Host}:{Port} of {Owner} is no longer draining, ordered by {Who}: {Reason}.")]
    public static partial void DrainEnded(ILogger logger, string host, int port, string owner, string who, string reason);

    [LoggerMessage(1323, LogLevel.Warning, "Node {Host}:{Port} of {Owner} is forced up by {Who} ({Note}). It gets requests whatever checks find.")]
    public static partial void ForcedUp(ILogger logger, string host, int port, string owner, string who, string note);

    [LoggerMessage(1324, LogLevel.Warning, "Node {Host}:{Port} of {Owner} is forced down by {Who} ({Note}). It gets no new requests.")]
    public static partial void ForcedDown(ILogger logger, string host, int port, string owner, string who, string note);

    [LoggerMessage(1325, LogLevel.Information, "Node {Host}:{Port} of {Owner} is no longer forced, ordered by {Who}: {Reason}.")]
    public static partial void ForceEnded(ILogger logger, string host, int port, string owner, string who, string reason);
}
