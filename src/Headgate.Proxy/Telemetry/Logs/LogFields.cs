using System.Collections.Frozen;

namespace Headgate.Proxy.Telemetry.Logs;

/// <summary>The names of <see cref="LogField"/>.</summary>
internal static class LogFields
{
    private static readonly FrozenDictionary<string, LogField> ByName = new Dictionary<string, LogField>(StringComparer.Ordinal)
    {
        [LogFormat.RequestBody] = LogField.RequestBody,
        [LogFormat.ResponseBody] = LogField.ResponseBody,
        ["remote_user"] = LogField.RemoteUser,
        ["time_local"] = LogField.TimeLocal,
        ["time_iso8601"] = LogField.TimeIso,
        ["time_rfc3339"] = LogField.TimeZulu,
        ["msec"] = LogField.Msec,
        ["request"] = LogField.Request,
        ["request_uri"] = LogField.RequestUri,
        ["args"] = LogField.Args,
        ["query_string"] = LogField.Args,
        ["status"] = LogField.Status,
        ["bytes_sent"] = LogField.BytesSent,
        ["body_bytes_sent"] = LogField.BodyBytesSent,
        ["request_length"] = LogField.RequestLength,
        ["request_time"] = LogField.RequestTime,
        ["request_id"] = LogField.RequestId,
        ["apisix_request_id"] = LogField.RequestId,
        ["server_protocol"] = LogField.Protocol,
        ["https"] = LogField.Https,
        ["route_id"] = LogField.RouteId,
        ["route_name"] = LogField.RouteName,
        ["service_id"] = LogField.ServiceId,
        ["service_name"] = LogField.ServiceName,
        ["upstream_name"] = LogField.UpstreamName,
        ["upstream_owner"] = LogField.UpstreamOwner,
        ["upstream_scheme"] = LogField.UpstreamScheme,
        ["upstream_host"] = LogField.UpstreamHost,
        ["upstream_uri"] = LogField.UpstreamUri,
        ["upstream_addr"] = LogField.TryAddress,
        ["upstream_status"] = LogField.TryStatus,
        ["upstream_connect_time"] = LogField.TryConnectTime,
        ["upstream_header_time"] = LogField.TryHeaderTime,
        ["upstream_response_time"] = LogField.TryResponseTime,
        ["upstream_failure"] = LogField.TryFailure,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The field of a name; <see cref="LogField.OfRequest"/> for any other.</summary>
    public static LogField Find(string name) => ByName.GetValueOrDefault(name, LogField.OfRequest);

    /// <summary>Whether the value is a number, which JSON writes without quotes.</summary>
    public static bool IsNumber(LogField field) =>
        field is LogField.Status or LogField.BytesSent or LogField.BodyBytesSent or LogField.RequestLength or LogField.RequestTime or LogField.Msec;
}
