using System.Text;

namespace Headgate.Proxy.Http1;

/// <summary>
/// Reason phrases and bodies of the answers the gateway makes itself, encoded once. Errors of clients have a JSON body with <c>error_msg</c>, as APISIX's;
/// errors of the gateway and of nodes a small page, as nginx's.
/// </summary>
public static class GatewayBodies
{
    private const int StatusMin = 200;
    private const int StatusMax = 599;

    private static readonly Entry?[] Entries = new Entry?[StatusMax - StatusMin + 1];

    static GatewayBodies()
    {
        Add(200, "OK", null);
        Add(204, "No Content", null);
        Add(301, "Moved Permanently", null);
        Add(302, "Found", null);
        Add(400, "Bad Request", "The request is malformed.");
        Add(401, "Unauthorized", "The request has no valid credentials.");
        Add(403, "Forbidden", "The request is not allowed.");
        // APISIX's text, which clients compare.
        Add(404, "Not Found", "404 Route Not Found");
        Add(405, "Method Not Allowed", "The method is not allowed.");
        Add(408, "Request Timeout", "The request did not arrive in time.");
        Add(411, "Length Required", "The request has a body of unknown length.");
        Add(413, "Content Too Large", "The request body is larger than the limit.");
        Add(414, "URI Too Long", HeadFault.StartLineLong.Reason);
        Add(417, "Expectation Failed", HeadFault.Expectation.Reason);
        Add(421, "Misdirected Request", "The connection was not opened for this host.");
        Add(429, "Too Many Requests", "There are more requests than the limit.");
        Add(431, "Request Header Fields Too Large", HeadFault.HeadLong.Reason);
        Add(500, "Internal Server Error", "The gateway could not handle the request because of a mistake of its own.");
        Add(501, "Not Implemented", "The request asks for something that this gateway does not do.");
        Add(502, "Bad Gateway", "No node gave a usable answer.");
        Add(503, "Service Unavailable", "There is no node for this request at the moment.");
        Add(504, "Gateway Timeout", "The node did not answer in time.");
        Add(505, "HTTP Version Not Supported", HeadFault.VersionUnsupported.Reason);
    }

    private sealed record Entry(byte[] Phrase, byte[] Body);

    /// <summary>The status's reason phrase; empty for one that is not listed.</summary>
    public static ReadOnlySpan<byte> Phrase(int status) => Find(status)?.Phrase;

    /// <summary>The status's body; empty for one that is not listed or has none.</summary>
    public static ReadOnlySpan<byte> Body(int status) => Find(status)?.Body;

    /// <summary>Content-Type of <see cref="Body"/>: HTML from 500 on, else JSON, declared as text as APISIX does; empty when there is no body.</summary>
    public static ReadOnlySpan<byte> ContentType(int status) =>
        Body(status).IsEmpty ? default : IsPage(status) ? "text/html; charset=utf-8"u8 : "text/plain; charset=utf-8"u8;

    /// <summary>Bytes that are enough for <see cref="WriteReason"/>.</summary>
    public static int ReasonSize(string reason) => BeforeReason.Length + reason.Length + AfterReason.Length;

    /// <summary>
    /// Writes <c>{"error_msg":"..."}</c> and a line feed with a reason such as <see cref="HeadResult.Reason"/>, <see cref="ReasonSize"/> bytes; returns that. What would need an
    /// escape becomes a question mark: the reasons are constants of ours and have nothing of the kind.
    /// </summary>
    public static int WriteReason(Span<byte> destination, string reason)
    {
        HeadCursor to = new(destination);
        to.Write(BeforeReason);
        foreach (char c in reason)
            to.Write(c is < ' ' or > '~' or '"' or '\\' ? (byte)'?' : (byte)c);
        to.Write(AfterReason);
        return to.Length;
    }

    private static ReadOnlySpan<byte> BeforeReason => "{\"error_msg\":\""u8;

    private static ReadOnlySpan<byte> AfterReason => "\"}\n"u8;

    private static bool IsPage(int status) => status >= 500;

    private static Entry? Find(int status) => (uint)(status - StatusMin) < (uint)Entries.Length ? Entries[status - StatusMin] : null;

    private static void Add(int status, string phrase, string? text)
    {
        string body = text is null ? "" : IsPage(status) ? Page(status, phrase, text) : $"{{\"error_msg\":\"{text}\"}}\n";
        Entries[status - StatusMin] = new Entry(Encoding.ASCII.GetBytes(phrase), Encoding.ASCII.GetBytes(body));
    }

    private static string Page(int status, string phrase, string text) =>
        $"<!doctype html>\n<html lang=\"en\">\n<head><title>{status} {phrase}</title></head>\n<body>\n<h1>{status} {phrase}</h1>\n<p>{text}</p>\n</body>\n</html>\n";
}
