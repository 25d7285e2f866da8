namespace Headgate.Proxy.Http1;

/// <summary>The head of an answer that the gateway makes itself. Its body, such as one of <see cref="GatewayBodies"/>, is the caller's to write behind it.</summary>
public ref struct GatewayHead
{
    /// <summary>Bytes that are enough for <see cref="Write"/> as long as the values have at most 512 together, <see cref="Lines"/> and <see cref="Explanation"/> not counted.</summary>
    public const int SizeMax = 1024;

    /// <summary>200..599.</summary>
    public int Status;

    /// <summary>Value of Content-Type; empty = no such field.</summary>
    public ReadOnlySpan<byte> ContentType;

    /// <summary>Value of Content-Length: the body's, also when the request was HEAD and no body follows. Not written for 204 and 304.</summary>
    public long ContentLength;

    /// <summary>HTTP version of the client's request: 0 or 1; 1 when it could not be read.</summary>
    public int VersionMinor;

    /// <summary>The connection stays open afterwards; decides Connection: close / keep-alive.</summary>
    public bool KeepAlive;

    /// <summary>Value of Server; empty = no such field.</summary>
    public ReadOnlySpan<byte> Server;

    /// <summary>A 29-byte IMF-fixdate, from <see cref="HttpDate"/>.</summary>
    public ReadOnlySpan<byte> Date;

    /// <summary>Value of X-APISIX-Upstream-Status; empty = the field is left out.</summary>
    public ReadOnlySpan<byte> UpstreamStatus;

    /// <summary>Value of Retry-After, seconds; 0 = the field is left out.</summary>
    public int RetryAfterSeconds;

    /// <summary>Further lines, each with its CRLF; checked by who made them.</summary>
    public ReadOnlySpan<byte> Lines;

    /// <summary>Value of X-Headgate-Explain; empty, as nearly always = the field is left out. Needs its length beside <see cref="SizeMax"/>.</summary>
    public ReadOnlySpan<byte> Explanation;

    /// <summary>
    /// Writes the head without allocation; returns its length. A control byte in a value, or a destination that is too small, is a bug of ours and throws
    /// <see cref="ArgumentException"/>.
    /// </summary>
    public readonly int Write(Span<byte> destination)
    {
        HeadCursor to = new(destination);
        to.Write("HTTP/1.1 "u8);
        to.WriteNumber(Status);
        to.Write(" "u8);
        to.Write(GatewayBodies.Phrase(Status));
        to.Write("\r\n"u8);
        to.WriteField("Date: "u8, Date);
        if (!ContentType.IsEmpty)
            to.WriteField("Content-Type: "u8, ContentType);
        if (Status is not (204 or 304))
            to.WriteField("Content-Length: "u8, ContentLength);
        if (!Server.IsEmpty)
            to.WriteField("Server: "u8, Server);
        if (!UpstreamStatus.IsEmpty)
            to.WriteField("X-APISIX-Upstream-Status: "u8, UpstreamStatus);
        if (RetryAfterSeconds > 0)
            to.WriteField("Retry-After: "u8, RetryAfterSeconds);
        to.Write(Lines);
        if (!Explanation.IsEmpty)
            to.WriteField("X-Headgate-Explain: "u8, Explanation);
        HeadWriter.WriteConnection(ref to, VersionMinor, KeepAlive);
        to.Write("\r\n"u8);
        return to.Length;
    }
}
