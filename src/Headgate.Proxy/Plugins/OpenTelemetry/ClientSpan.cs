using Headgate.Proxy.Telemetry;
using Headgate.Proxy.Telemetry.Logs;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Plugins.OpenTelemetry;

/// <summary>Writes the span of a try at a node, below that of its request.</summary>
internal static class ClientSpan
{
    /// <summary>Writes it. <paramref name="index"/>: 0 for the first try; <paramref name="ended"/>: when the request did.</summary>
    public static void Write(ref ProtoWriter to, in TraceParent server, ulong id, in TracedTry one, int index, ReadOnlySpan<byte> method, long ended, in SpanClock clock)
    {
        int message = to.Begin(SpanFields.Span);
        SpanFields.Head(ref to, server.TraceId, id, server.SpanId, SpanFields.KindClient, clock.At(one.Begun), clock.At(one.Ended == 0 ? ended : one.Ended));
        to.Text(SpanFields.Name, method);
        SpanFields.Text(ref to, "http.request.method"u8, method);
        Span<byte> address = stackalloc byte[64];
        if (one.Endpoint is { } endpoint && endpoint.Address.Address.TryFormat(address, out int length))
        {
            SpanFields.Text(ref to, "net.peer.ip"u8, address[..length]);
            SpanFields.Number(ref to, "net.peer.port"u8, endpoint.Address.Port);
        }

        if (index > 0)
            SpanFields.Number(ref to, "http.request.resend_count"u8, index);
        if (one.Status != 0)
            SpanFields.Number(ref to, "http.response.status_code"u8, one.Status);
        if (one.Failure is not (AttemptFailure.None or AttemptFailure.ClientFailed or AttemptFailure.Overtaken))
            SpanFields.Error(ref to, LogTries.NameOf(one.Failure));
        else if (one.Status >= 400)
            SpanFields.Error(ref to, default);
        to.End(message);
    }
}
