using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Primitives;
using Headgate.Core.Snapshot;

namespace Headgate.Proxy.Telemetry.Logs;

/// <summary>Writes the values of a <see cref="LogFormat"/>; one that is not there writes nothing.</summary>
internal static class LogValues
{
    /// <summary>Writes one.</summary>
    public static void Write(ref LineWriter to, in LogPart part, Exchange exchange, RequestTrace trace, in LogMoment moment, LogEscape escape)
    {
        switch (part.Field)
        {
            case LogField.OfRequest:
                WriteVariable(ref to, part.Variable!, exchange, escape);
                break;
            case LogField.RequestBody:
                to.WriteText(trace.RequestBody.Span, escape);
                break;
            case LogField.ResponseBody:
                to.WriteText(trace.ResponseBody.Span, escape);
                break;
            case LogField.TimeLocal:
                moment.WriteLocal(ref to);
                break;
            case LogField.TimeIso:
                moment.WriteIso(ref to);
                break;
            case LogField.TimeZulu:
                moment.WriteZulu(ref to);
                break;
            case LogField.Msec:
                moment.WriteUnix(ref to);
                break;
            case >= LogField.TryAddress:
                LogTries.Write(ref to, part.Field, trace);
                break;
            case >= LogField.RouteId and <= LogField.UpstreamOwner:
                WriteText(ref to, TextOf(part.Field, trace), escape);
                break;
            case >= LogField.Status and <= LogField.RequestTime:
                WriteNumber(ref to, part.Field, exchange, trace);
                break;
            default:
                if (exchange.HasRequest)
                    WriteOfRequest(ref to, part.Field, exchange, trace, escape);
                break;
        }
    }

    private static void WriteVariable(ref LineWriter to, RequestVariable variable, Exchange exchange, LogEscape escape)
    {
        Span<byte> scratch = stackalloc byte[RequestVariable.ScratchBytes];
        if (variable.IsClientAddress)
            to.WriteEscaped(exchange.ClientAddressText, escape);
        else if (exchange.HasRequest && variable.TryGet(exchange, scratch, out ReadOnlySpan<byte> value))
            to.WriteEscaped(value, escape);
    }

    private static void WriteNumber(ref LineWriter to, LogField field, Exchange exchange, RequestTrace trace)
    {
        switch (field)
        {
            case LogField.Status:
                to.Write(trace.Status);
                break;
            case LogField.BytesSent:
                to.Write(exchange.HeadBytesSent + exchange.BodyBytesSent);
                break;
            case LogField.BodyBytesSent:
                to.Write(exchange.BodyBytesSent);
                break;
            case LogField.RequestLength:
                to.Write(exchange.BytesReceived);
                break;
            default:
                to.WriteSeconds(trace.Ended - trace.Begun);
                break;
        }
    }

    private static string? TextOf(LogField field, RequestTrace trace) => field switch
    {
        LogField.RouteId => trace.Route?.Config.Id,
        LogField.RouteName => trace.Route?.Config.Name,
        LogField.ServiceId => trace.Route?.Config.ServiceId,
        LogField.ServiceName => trace.Route?.ServiceName,
        LogField.UpstreamName => trace.Upstream?.Config.Name,
        _ => trace.Upstream?.Owner,
    };

    private static void WriteOfRequest(ref LineWriter to, LogField field, Exchange exchange, RequestTrace trace, LogEscape escape)
    {
        switch (field)
        {
            case LogField.Request:
                to.WriteEscaped(exchange.Method, escape);
                to.Write((byte)' ');
                MaskedTarget.Write(ref to, exchange.RequestUri, escape);
                to.Write((byte)' ');
                to.Write(exchange.Protocol);
                break;
            case LogField.RequestUri:
                MaskedTarget.Write(ref to, exchange.RequestUri, escape);
                break;
            case LogField.Args:
                MaskedTarget.WriteQuery(ref to, exchange.Query, escape);
                break;
            case LogField.RequestId:
                if (exchange.TryGetHeader("x-request-id"u8, out ReadOnlySpan<byte> id))
                    to.WriteEscaped(id, escape);
                break;
            case LogField.Protocol:
                to.Write(exchange.Protocol);
                break;
            case LogField.Https:
                if (exchange.Scheme.SequenceEqual("https"u8))
                    to.Write("on"u8);
                break;
            case LogField.UpstreamScheme:
                if (trace.Upstream is { } upstream)
                    to.Write(upstream.Profile.Https ? "https"u8 : "http"u8);
                break;
            case LogField.UpstreamHost:
                WriteUpstreamHost(ref to, exchange, trace, escape);
                break;
            case LogField.UpstreamUri when trace.Upstream is not null:
                MaskedTarget.Write(ref to, exchange.Plugins is { Forwarded.Target: { IsEmpty: false } target } ? target : exchange.RequestUri, escape);
                break;
        }
    }

    private static void WriteUpstreamHost(ref LineWriter to, Exchange exchange, RequestTrace trace, LogEscape escape)
    {
        if (trace.Upstream is not { } upstream)
            return;
        if (upstream.Config.PassHost == PassHost.Rewrite)
            to.WriteEscaped(upstream.RewriteHost, escape);
        else if (upstream.Config.PassHost == PassHost.Node && !trace.Tries.IsEmpty)
            WriteNodeHost(ref to, upstream, trace.Tries[^1], escape);
        else if (upstream.Config.PassHost == PassHost.Pass)
            to.WriteEscaped(exchange.Plugins is { Forwarded.Host: { IsEmpty: false } host } ? host : exchange.Request.Authority, escape);
    }

    private static void WriteNodeHost(ref LineWriter to, UpstreamSnapshot upstream, in TracedTry last, LogEscape escape)
    {
        for (int i = 0; i < upstream.Nodes.Count; i++)
        {
            if (upstream.Nodes[i].State == last.Node)
                to.WriteEscaped(upstream.Nodes[i].HostHeader, escape);
        }
    }

    /// <summary>Writes a text of the configuration.</summary>
    private static void WriteText(ref LineWriter to, string? text, LogEscape escape)
    {
        Span<byte> bytes = stackalloc byte[384];
        for (int at = 0; text is not null && at < text.Length;)
        {
            int length = Math.Min(128, text.Length - at);
            if (length > 1 && char.IsHighSurrogate(text[at + length - 1]))
                length--;
            to.WriteEscaped(bytes[..Encoding.UTF8.GetBytes(text.AsSpan(at, length), bytes)], escape);
            at += length;
        }
    }
}
