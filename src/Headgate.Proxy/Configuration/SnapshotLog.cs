using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Configuration;

/// <summary>What the loop from the store to the snapshot says.</summary>
internal static partial class SnapshotLog
{
    [LoggerMessage(1101, LogLevel.Information, "Serving revision {Revision}: {Objects} objects read, compiled in {Milliseconds:F0} ms")]
    public static partial void Loaded(ILogger logger, long revision, int objects, double milliseconds);

    [LoggerMessage(1102, LogLevel.Error, "{Key} is refused as of revision {Revision}, {Consequence}: {Errors}")]
    public static partial void ObjectRejected(ILogger logger, string key, long revision, string errors, string consequence);

    [LoggerMessage(1103, LogLevel.Information, "{Key} is no longer refused as of revision {Revision}")]
    public static partial void ObjectNoLongerRejected(ILogger logger, string key, long revision);

    [LoggerMessage(1104, LogLevel.Warning, "The configuration store cannot be followed; revision {Revision} stays in service and the store is tried again")]
    public static partial void StoreUnavailable(ILogger logger, long revision, Exception reason);

    [LoggerMessage(1105, LogLevel.Information, "The configuration store is back at revision {Revision}")]
    public static partial void StoreIsBack(ILogger logger, long revision);

    [LoggerMessage(1106, LogLevel.Information, "Revisions after {Revision} were missed: everything is read anew")]
    public static partial void RevisionsMissed(ILogger logger, long revision);

    [LoggerMessage(1107, LogLevel.Warning, "{Key} as of revision {Revision} has conditions on variables that no request has here, which count as absent: {Variables}")]
    public static partial void UnsupportedVariables(ILogger logger, string key, long revision, string variables);

    [LoggerMessage(1108, LogLevel.Warning, "{Owner} as of revision {Revision} has zone_aware, and this gateway has no zone (headgate.zone): all nodes are treated alike")]
    public static partial void GatewayHasNoZone(ILogger logger, string owner, long revision);
}
