namespace Headgate.Proxy.Http1;

/// <summary>
/// Writes whole answers that the gateway makes itself, head and body, without allocation. Errors of clients have a JSON body with <c>error_msg</c>, as APISIX's;
/// errors of the gateway and of nodes a small page, as nginx's.
/// </summary>
public static class GatewayResponses
{
    private const int OwnBytesMax = 320;

    /// <summary>The interim answer to Expect: 100-continue.</summary>
    public static ReadOnlySpan<byte> Continue => "HTTP/1.1 100 Continue\r\n\r\n"u8;

    private static ReadOnlySpan<byte> TextPlain => "text/plain; charset=utf-8"u8;

    private static ReadOnlySpan<byte> BeforeReason => "{\"error_msg\":\""u8;

    private static ReadOnlySpan<byte> AfterReason => "\"}\n"u8;

    /// <summary>Bytes that are enough for <see cref="Write"/>.</summary>
    public static int SizeMax(in GatewayAnswer answer) =>
        OwnBytesMax + answer.ContentType.Length + answer.Server.Length + answer.Date.Length + answer.UpstreamStatus.Length
        + (answer.Reason?.Length ?? 0) + Math.Max(answer.Body.Length, StandardAnswers.BodyBytesMax);

    /// <summary>
    /// Writes the answer; returns its length. <paramref name="destination"/> has at least <see cref="SizeMax"/> bytes. A control byte in a value throws
    /// <see cref="ArgumentException"/>; it is a bug of ours.
    /// </summary>
    public static int Write(Span<byte> destination, in GatewayAnswer answer)
    {
        ReadOnlySpan<byte> body = answer.Body;
        ReadOnlySpan<byte> contentType = answer.ContentType;
        if (body.IsEmpty && answer.Reason is null)
        {
            body = StandardAnswers.Body(answer.Status);
            contentType = StandardAnswers.IsPage(answer.Status) ? "text/html; charset=utf-8"u8 : TextPlain;
        }

        int length = answer.Reason is null ? body.Length : BeforeReason.Length + answer.Reason.Length + AfterReason.Length;
        HeadCursor to = new(destination);
        to.Write("HTTP/1.1 "u8);
        to.WriteNumber(answer.Status);
        to.Write(" "u8);
        to.Write(StandardAnswers.Phrase(answer.Status));
        to.Write("\r\n"u8);
        to.WriteField("Date: "u8, answer.Date);
        if (length > 0 && (answer.Reason is not null || !contentType.IsEmpty))
            to.WriteField("Content-Type: "u8, answer.Reason is null ? contentType : TextPlain);
        if (answer.Status != 204)
            to.WriteField("Content-Length: "u8, length);
        to.WriteField("Server: "u8, answer.Server);
        if (!answer.UpstreamStatus.IsEmpty)
            to.WriteField("X-APISIX-Upstream-Status: "u8, answer.UpstreamStatus);
        HeadWriter.WriteConnection(ref to, answer.VersionMinor, answer.KeepAlive);
        to.Write("\r\n"u8);
        if (answer.HeadOnly)
            return to.Length;
        if (answer.Reason is null)
            to.Write(body);
        else
            WriteReason(ref to, answer.Reason);
        return to.Length;
    }

    /// <summary>What would need an escape in JSON becomes a question mark: the texts are our own constants and have nothing of the kind.</summary>
    private static void WriteReason(ref HeadCursor to, string reason)
    {
        to.Write(BeforeReason);
        foreach (char c in reason)
            to.Write(c is < ' ' or > '~' or '"' or '\\' ? (byte)'?' : (byte)c);
        to.Write(AfterReason);
    }
}
