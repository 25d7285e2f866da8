using Headgate.Core.Upstreams;
using Headgate.Proxy.Plugins;

namespace Headgate.Proxy.Http1;

/// <summary>
/// Writes the heads the gateway sends: kept header lines are copied in runs, hop-by-hop ones left out, the gateway's own added.
/// Source: RFC 9110 §7.6, RFC 9112, and APISIX's forwarded headers (docs/reference/forwarding.md).
/// <para>
/// Nothing that is written can begin a line of its own: kept lines were checked by the parser, and a value of the gateway's with a control byte in it, which is a bug of
/// ours, throws <see cref="ArgumentException"/>.
/// </para>
/// </summary>
public static class HeadWriter
{
    /// <summary>More than the names, separators and numbers that a head gets from us.</summary>
    private const int OwnBytesMax = 512;

    /// <summary>Bytes that are enough for <see cref="WriteRequest"/> of this head.</summary>
    public static int RequestSizeMax(RequestHead head, in RequestForwarding forwarding) =>
        head.Length + OwnBytesMax + forwarding.Host.Length + forwarding.ClientAddress.Length + forwarding.ForwardedProto.Length + forwarding.ForwardedHost.Length
        + (forwarding.Edits?.Lines.Length ?? 0) + (forwarding.PluginEdits?.SizeMax ?? 0);

    /// <summary>Writes the head for the node; returns its length. <paramref name="destination"/> has at least <see cref="RequestSizeMax"/> bytes.</summary>
    public static int WriteRequest(Span<byte> destination, RequestHead head, in RequestForwarding forwarding)
    {
        HeadCursor to = new(destination);
        RequestEdits? plugins = forwarding.PluginEdits;
        to.Write(plugins is { Method.IsEmpty: false } ? plugins.Method : head.Method);
        to.Write(" "u8);
        to.Write(plugins is { Target.IsEmpty: false } ? plugins.Target : head.RequestUri);
        to.Write(" HTTP/1.1\r\nHost: "u8);
        to.WriteValue(forwarding.Host);
        to.Write("\r\n"u8);
        if (forwarding.Edits is { } edits)
        {
            MarkDropped(head, edits);
            to.Write(edits.Lines);
        }

        if (plugins is not null)
            to.Write(plugins.Lines);

        CopyLines(ref to, head, KnownHeaders.NotKeptInRequest, forwarding.Framing);
        to.WriteField("X-Real-IP: "u8, forwarding.ClientAddress);
        WriteForwardedFor(ref to, head, forwarding.ClientAddress);
        to.WriteField("X-Forwarded-Proto: "u8, forwarding.ForwardedProto);
        if (!forwarding.ForwardedHost.IsEmpty)
            to.WriteField("X-Forwarded-Host: "u8, forwarding.ForwardedHost);
        to.WriteField("X-Forwarded-Port: "u8, forwarding.ForwardedPort);
        WriteFraming(ref to, forwarding.Framing, forwarding.ContentLength);
        if (forwarding.Upgrade)
            to.Write("Connection: Upgrade\r\nUpgrade: websocket\r\n"u8);
        else if (head.AcceptsTrailers)
            to.Write("Connection: TE\r\nTE: trailers\r\n"u8);
        to.Write("\r\n"u8);
        return to.Length;
    }

    /// <summary>Bytes that are enough for <see cref="WriteResponse"/> of this head.</summary>
    public static int ResponseSizeMax(ResponseHead head, in ResponseForwarding forwarding) =>
        head.Length + OwnBytesMax + forwarding.Server.Length + forwarding.Date.Length + forwarding.UpstreamStatus.Length + forwarding.SetCookie.Length
        + forwarding.Lines.Length + forwarding.Explanation.Length;

    /// <summary>
    /// Writes the head for the client; returns its length. <paramref name="destination"/> has at least <see cref="ResponseSizeMax"/> bytes. An interim head (1xx but
    /// 101) gets nothing added: no Server, Date, Connection, framing.
    /// </summary>
    public static int WriteResponse(Span<byte> destination, ResponseHead head, in ResponseForwarding forwarding)
    {
        HeadCursor to = new(destination);
        to.Write("HTTP/1.1 "u8);
        int status = forwarding.Status == 0 ? head.Status : forwarding.Status;
        to.WriteNumber(status);
        to.Write(" "u8);
        to.Write(status == head.Status ? head.Reason : GatewayBodies.Phrase(status));
        to.Write("\r\n"u8);
        CopyLines(ref to, head, KnownHeaders.NotKeptInResponse, forwarding.Framing);
        bool isInterim = head.Status is < 200 and not 101;
        if (!isInterim)
            WriteOwn(ref to, head, forwarding);
        to.Write("\r\n"u8);
        return to.Length;
    }

    private static void WriteOwn(ref HeadCursor to, ResponseHead head, in ResponseForwarding forwarding)
    {
        if (!head.HasDate)
            to.WriteField("Date: "u8, forwarding.Date);
        if (!forwarding.Server.IsEmpty)
            to.WriteField("Server: "u8, forwarding.Server);
        if (!forwarding.UpstreamStatus.IsEmpty)
            to.WriteField("X-APISIX-Upstream-Status: "u8, forwarding.UpstreamStatus);
        if (!forwarding.SetCookie.IsEmpty)
            to.WriteField("Set-Cookie: "u8, forwarding.SetCookie);
        to.Write(forwarding.Lines);
        if (!forwarding.Explanation.IsEmpty)
            to.WriteField("X-Headgate-Explain: "u8, forwarding.Explanation);
        if (forwarding.Upgrade)
        {
            to.Write("Connection: Upgrade\r\nUpgrade: websocket\r\n"u8);
            return;
        }

        bool announces = forwarding is { Framing: BodyFraming.None, ContentLength: >= 0 } && head.Status is not 204 && forwarding.Status is not 204;
        WriteFraming(ref to, announces ? BodyFraming.Length : forwarding.Framing, forwarding.ContentLength);
        WriteConnection(ref to, forwarding.VersionMinor, forwarding.KeepAlive);
    }

    /// <summary>Connection, where it says something that the version does not say already.</summary>
    internal static void WriteConnection(ref HeadCursor to, int versionMinor, bool keepAlive)
    {
        if (!keepAlive)
            to.Write("Connection: close\r\n"u8);
        else if (versionMinor == 0)
            to.Write("Connection: keep-alive\r\n"u8);
    }

    /// <summary>Fields that are not kept anyway stay what they are. Marked before the lines are copied: heads without edits are not asked field by field.</summary>
    private static void MarkDropped(RequestHead head, HeaderEdits edits)
    {
        foreach (ref HeaderField field in head.MutableFields)
        {
            if (!KnownHeaders.Has(KnownHeaders.NotKeptInRequest, field.Known) && edits.Drops(head.Name(field)))
                field.Known = KnownHeader.Edited;
        }
    }

    /// <summary>Lines that stand beside each other and are kept are copied at once.</summary>
    private static void CopyLines(ref HeadCursor to, MessageHead head, ulong notKept, BodyFraming framing)
    {
        // Trailer announces what only a chunked body can bring.
        if (framing != BodyFraming.Chunked)
            notKept |= 1UL << (int)KnownHeader.Trailer;
        int start = head.FieldsStart;
        foreach (ref readonly HeaderField field in head.Fields)
        {
            if (!KnownHeaders.Has(notKept, field.Known))
                continue;
            to.Write(head.Slice(start, field.NameStart - start));
            start = field.LineEnd;
        }

        to.Write(head.Slice(start, head.Length - 2 - start));
    }

    /// <summary>The client's X-Forwarded-For, several joined to one, and the peer at its end.</summary>
    private static void WriteForwardedFor(ref HeadCursor to, RequestHead head, ReadOnlySpan<byte> clientAddress)
    {
        to.Write("X-Forwarded-For: "u8);
        foreach (ref readonly HeaderField field in head.Fields)
        {
            if (field.Known != KnownHeader.XForwardedFor || field.ValueLength == 0)
                continue;
            to.Write(head.Value(field));
            to.Write(", "u8);
        }

        to.WriteValue(clientAddress);
        to.Write("\r\n"u8);
    }

    private static void WriteFraming(ref HeadCursor to, BodyFraming framing, long contentLength)
    {
        if (framing == BodyFraming.Length)
            to.WriteField("Content-Length: "u8, contentLength);
        else if (framing == BodyFraming.Chunked)
            to.Write("Transfer-Encoding: chunked\r\n"u8);
    }
}
