namespace Headgate.Proxy.Http1;

/// <summary>
/// The one HTTP/1.1 head parser, for clients and for nodes: strict (RFC 9112), over one contiguous span, without allocation. Ambiguous framing is refused.
/// On <see cref="HeadStatus.Complete"/> the head object holds a private copy of the bytes.
/// </summary>
public static class HeadParser
{
    /// <summary>Parses a request head at the front of <paramref name="unread"/>.</summary>
    public static HeadResult ParseRequest(ReadOnlySpan<byte> unread, RequestHead head, HeadLimits limits) => throw new NotSupportedException("written by the codec slice");

    /// <summary>
    /// Parses a response head at the front of <paramref name="unread"/>. <paramref name="request"/> decides whether the answer has a body
    /// (HEAD has none; 2xx to CONNECT never occurs). An interim 1xx head is returned like any other, without body.
    /// </summary>
    public static HeadResult ParseResponse(ReadOnlySpan<byte> unread, HttpMethod request, ResponseHead head, HeadLimits limits) => throw new NotSupportedException("written by the codec slice");
}
