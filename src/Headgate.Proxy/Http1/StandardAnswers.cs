using System.Text;

namespace Headgate.Proxy.Http1;

/// <summary>Reason phrases and bodies of the answers the gateway makes itself; encoded once.</summary>
internal static class StandardAnswers
{
    private const int StatusMin = 200;
    private const int StatusMax = 599;

    private static readonly Entry?[] Entries = new Entry?[StatusMax - StatusMin + 1];

    static StandardAnswers()
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
        BodyBytesMax = Entries.Max(entry => entry?.Body.Length ?? 0);
    }

    private sealed record Entry(byte[] Phrase, byte[] Body);

    /// <summary>The longest of the bodies.</summary>
    internal static int BodyBytesMax { get; }

    /// <summary>The status's reason phrase; empty for one that is not listed.</summary>
    internal static ReadOnlySpan<byte> Phrase(int status) => Find(status)?.Phrase;

    /// <summary>The status's body; empty for one that is not listed or has none.</summary>
    internal static ReadOnlySpan<byte> Body(int status) => Find(status)?.Body;

    /// <summary>Whether the body is HTML (else JSON, sent as text as APISIX does).</summary>
    internal static bool IsPage(int status) => status >= 500;

    private static Entry? Find(int status) => (uint)(status - StatusMin) < (uint)Entries.Length ? Entries[status - StatusMin] : null;

    private static void Add(int status, string phrase, string? text)
    {
        string body = text is null ? "" : IsPage(status) ? Page(status, phrase, text) : $"{{\"error_msg\":\"{text}\"}}\n";
        Entries[status - StatusMin] = new Entry(Encoding.ASCII.GetBytes(phrase), Encoding.ASCII.GetBytes(body));
    }

    private static string Page(int status, string phrase, string text) =>
        $"<!doctype html>\n<html lang=\"en\">\n<head><title>{status} {phrase}</title></head>\n<body>\n<h1>{status} {phrase}</h1>\n<p>{text}</p>\n</body>\n</html>\n";
}
