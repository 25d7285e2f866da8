using System.Buffers.Text;
using Headgate.Proxy.Telemetry;
using Headgate.Proxy.Telemetry.Logs;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Plugins.OpenTelemetry;

/// <summary>Writes the span of a request. Attributes are APISIX's, and where it has none, OpenTelemetry's.</summary>
internal static class ServerSpan
{
    /// <summary>Writes it.</summary>
    public static void Write(ref ProtoWriter to, SpanRecord span, PluginContext context, RequestTrace trace, SpanAttributes attributes, in SpanClock clock)
    {
        Exchange exchange = context.Exchange;
        int message = to.Begin(SpanFields.Span);
        SpanFields.Head(ref to, span.Own.TraceId, span.Own.SpanId, span.ParentId, SpanFields.KindServer, clock.At(trace.Begun), clock.At(trace.Ended));
        if (exchange.TryGetHeader("tracestate"u8, out ReadOnlySpan<byte> state))
            to.Text(SpanFields.TraceState, state);
        string? path = context.Route is { } route && route.IndexOfUri(exchange.Path) is >= 0 and var index ? route.Config.Uris[index] : null;
        WriteName(ref to, exchange.Method, path);
        WriteRequest(ref to, exchange, path, clock.Moment);
        WriteMatch(ref to, context);
        ReadOnlySpan<byte> source = SourceOf(trace);
        SpanFields.Text(ref to, "apisix.response_source"u8, source);
        SpanFields.Number(ref to, "http.status_code"u8, trace.Status);
        SpanFields.Number(ref to, "http.response.status_code"u8, trace.Status);
        attributes.Write(ref to, context, trace, clock.Moment);
        if (trace.Status >= 500)
            WriteError(ref to, source, trace.Status);
        to.End(message);
    }

    private static void WriteName(ref ProtoWriter to, ReadOnlySpan<byte> method, string? path)
    {
        Span<byte> name = stackalloc byte[512];
        int length = Math.Min(method.Length, 64);
        method[..length].CopyTo(name);
        if (path is not null)
        {
            name[length++] = (byte)' ';
            System.Text.Unicode.Utf8.FromUtf16(path, name[length..], out _, out int written);
            length += written;
        }

        to.Text(SpanFields.Name, name[..length]);
    }

    private static void WriteRequest(ref ProtoWriter to, Exchange exchange, string? path, in LogMoment moment)
    {
        ReadOnlySpan<byte> agent = exchange.TryGetHeader("user-agent"u8, out ReadOnlySpan<byte> value) ? value : default;
        SpanFields.Text(ref to, "net.host.name"u8, exchange.Host);
        SpanFields.Text(ref to, "http.method"u8, exchange.Method);
        SpanFields.Text(ref to, "http.scheme"u8, exchange.Scheme);
        SpanAttributes.WriteVariable(ref to, "http.target"u8, SpanAttributes.Target, exchange, exchange.Trace!, moment);
        SpanFields.Text(ref to, "http.user_agent"u8, agent);
        SpanFields.Text(ref to, "http.request.method"u8, exchange.Method);
        SpanFields.Text(ref to, "url.scheme"u8, exchange.Scheme);
        SpanFields.Text(ref to, "url.path"u8, exchange.Path);
        SpanFields.Text(ref to, "user_agent.original"u8, agent);
        SpanFields.Text(ref to, "http.route"u8, path);
        SpanFields.Text(ref to, "net.peer.ip"u8, exchange.ClientAddressText);
        if (exchange.ClientPort != 0)
            SpanFields.Number(ref to, "net.peer.port"u8, exchange.ClientPort);
    }

    private static void WriteMatch(ref ProtoWriter to, PluginContext context)
    {
        SpanFields.Text(ref to, "apisix.route_id"u8, context.Route?.Config.Id);
        SpanFields.Text(ref to, "apisix.route_name"u8, context.Route?.Config.Name);
        SpanFields.Text(ref to, "apisix.service_id"u8, context.Route?.Config.ServiceId);
        SpanFields.Text(ref to, "apisix.service_name"u8, context.Route?.ServiceName);
        SpanFields.Text(ref to, "apisix.consumer_name"u8, context.Exchange.ConsumerName);
    }

    /// <summary>Who answered: a node, the forwarding to nodes that failed (APISIX calls it nginx), or something before.</summary>
    private static ReadOnlySpan<byte> SourceOf(RequestTrace trace)
    {
        if (trace.Tries.IsEmpty)
            return "apisix"u8;
        return trace.Tries[^1] is { Status: not 0, Failure: AttemptFailure.None or AttemptFailure.ClientFailed or AttemptFailure.BrokenAnswer } ? "upstream"u8 : "nginx"u8;
    }

    private static void WriteError(ref ProtoWriter to, ReadOnlySpan<byte> source, int status)
    {
        Span<byte> message = stackalloc byte[32];
        source.CopyTo(message);
        " error: "u8.CopyTo(message[source.Length..]);
        Utf8Formatter.TryFormat(status, message[(source.Length + 8)..], out int digits);
        SpanFields.Error(ref to, message[..(source.Length + 8 + digits)]);
    }
}
