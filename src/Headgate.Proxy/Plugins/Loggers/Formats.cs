using Headgate.Proxy.Telemetry.Logs;

namespace Headgate.Proxy.Plugins.Loggers;

/// <summary>How entries are written.</summary>
internal static class Formats
{
    /// <summary>The members that a configuration names, and as APISIX adds them, the ids of route and service.</summary>
    public static LogFormat Custom(IEnumerable<LogMember> members) =>
        LogFormat.OfFields(members.Select(static member => (member.Name, member.Value))
            .Concat([("route_id", "$route_id"), ("service_id", "$service_id")]).DistinctBy(static member => member.Item1));
}
