namespace Headgate.Proxy.Telemetry.Logs;

/// <summary>What a variable of a log says that no <see cref="Core.Primitives.RequestVariable"/> knows, because it is known at the request's end only. Names are nginx's and APISIX's.</summary>
internal enum LogField
{
    /// <summary>None of these: a variable of the request.</summary>
    OfRequest,

    /// <summary><c>request_body</c>, where somebody keeps it for the entry.</summary>
    RequestBody,

    /// <summary><c>resp_body</c>, where somebody keeps it for the entry.</summary>
    ResponseBody,

    /// <summary><c>remote_user</c>: nobody; a dash or nothing.</summary>
    RemoteUser,

    /// <summary><c>time_local</c>.</summary>
    TimeLocal,

    /// <summary><c>time_iso8601</c>.</summary>
    TimeIso,

    /// <summary><c>time_rfc3339</c>: with milliseconds, in UTC. Headgate's own.</summary>
    TimeZulu,

    /// <summary><c>msec</c>: seconds since 1970 with milliseconds.</summary>
    Msec,

    /// <summary><c>request</c>: method, target and protocol.</summary>
    Request,

    /// <summary><c>request_uri</c>, credentials in its query masked.</summary>
    RequestUri,

    /// <summary><c>args</c>, <c>query_string</c>; masked likewise.</summary>
    Args,

    /// <summary><c>status</c>.</summary>
    Status,

    /// <summary><c>bytes_sent</c>.</summary>
    BytesSent,

    /// <summary><c>body_bytes_sent</c>.</summary>
    BodyBytesSent,

    /// <summary><c>request_length</c>.</summary>
    RequestLength,

    /// <summary><c>request_time</c>, seconds.</summary>
    RequestTime,

    /// <summary><c>request_id</c>, <c>apisix_request_id</c>: the request's <c>X-Request-Id</c> as the node saw it.</summary>
    RequestId,

    /// <summary><c>server_protocol</c>.</summary>
    Protocol,

    /// <summary><c>https</c>: <c>on</c>, or not there.</summary>
    Https,

    /// <summary><c>route_id</c>.</summary>
    RouteId,

    /// <summary><c>route_name</c>.</summary>
    RouteName,

    /// <summary><c>service_id</c>.</summary>
    ServiceId,

    /// <summary><c>service_name</c>.</summary>
    ServiceName,

    /// <summary><c>upstream_name</c>.</summary>
    UpstreamName,

    /// <summary><c>upstream_owner</c>: the object that holds the upstream, <c>upstreams/1</c>. Headgate's own.</summary>
    UpstreamOwner,

    /// <summary><c>upstream_scheme</c>.</summary>
    UpstreamScheme,

    /// <summary><c>upstream_host</c>: the Host of the node's request.</summary>
    UpstreamHost,

    /// <summary><c>upstream_uri</c>: its target.</summary>
    UpstreamUri,

    /// <summary><c>upstream_addr</c>: address and port of every try.</summary>
    TryAddress,

    /// <summary><c>upstream_status</c> of every try.</summary>
    TryStatus,

    /// <summary><c>upstream_connect_time</c> of every try, seconds.</summary>
    TryConnectTime,

    /// <summary><c>upstream_header_time</c> of every try, seconds.</summary>
    TryHeaderTime,

    /// <summary><c>upstream_response_time</c> of every try, seconds.</summary>
    TryResponseTime,

    /// <summary><c>upstream_failure</c> of every try: why it failed. Headgate's own.</summary>
    TryFailure,
}
