namespace Headgate.Proxy.Tests.Http1;

/// <summary>Every way to be refused: what is sent, the status, and how the reason begins.</summary>
internal static class Refused
{
    private const string Ok = "Host: a\r\n\r\n";

    /// <summary>Requests.</summary>
    internal static readonly (string Sent, int Status, string Reason)[] Requests =
    [
        // start line
        (" GET / HTTP/1.1\r\n" + Ok, 400, "The request line begins with white space"),
        ("\tGET / HTTP/1.1\r\n" + Ok, 400, "The request line begins with white space"),
        ("\r\n\r\n\r\nGET / HTTP/1.1\r\n" + Ok, 400, "There are more than two empty lines"),
        ("\nGET / HTTP/1.1\r\n" + Ok, 400, "A line of the head ends with a bare LF"),
        ("\rGET / HTTP/1.1\r\n" + Ok, 400, "There is a CR without LF"),
        ("G ET / HTTP/1.1\r\n" + Ok, 400, "The HTTP version is malformed"),
        ("G(T / HTTP/1.1\r\n" + Ok, 400, "The method is not a token"),
        ("GET\t/ HTTP/1.1\r\n" + Ok, 400, "The method is not a token"),
        ("GET\r\n" + Ok, 400, "The method is not a token"),
        ("GET\n/ HTTP/1.1\r\n" + Ok, 400, "A line of the head ends with a bare LF"),
        ("G\0T / HTTP/1.1\r\n" + Ok, 400, "There is a NUL byte"),
        ("G\u00c9T / HTTP/1.1\r\n" + Ok, 400, "The method is not a token"),
        ("\u0016\u0003\u0001\u0002\0\u0001", 400, "There is a control byte"),
        ("GET  / HTTP/1.1\r\n" + Ok, 400, "The request target is empty"),
        ("GET / a HTTP/1.1\r\n" + Ok, 400, "The HTTP version is malformed"),
        ("GET /\r\n" + Ok, 400, "The request line has no HTTP version"),
        ("GET / \r\n" + Ok, 400, "The request line has no HTTP version"),
        ("GET /\n" + Ok, 400, "A line of the head ends with a bare LF"),
        ("GET /\rHTTP/1.1\r\n" + Ok, 400, "There is a CR without LF"),
        ("GET / HTTP/1.1\n" + Ok, 400, "A line of the head ends with a bare LF"),
        ("GET / HTTP/1.1\r" + Ok, 400, "There is a CR without LF"),
        ("GET / HTTP/1.1 \r\n" + Ok, 400, "The HTTP version is malformed"),
        ("GET /  HTTP/1.1\r\n" + Ok, 400, "The HTTP version is malformed"),
        ("GET / http/1.1\r\n" + Ok, 400, "The HTTP version is malformed"),
        ("GET / HTTP/1\r\n" + Ok, 400, "The HTTP version is malformed"),
        ("GET / HTTP/1.10\r\n" + Ok, 400, "The HTTP version is malformed"),
        ("GET / HTTP/01.1\r\n" + Ok, 400, "The HTTP version is malformed"),
        ("GET / HTTP/1,1\r\n" + Ok, 400, "The HTTP version is malformed"),
        ("GET / HTTPS/1.1\r\n" + Ok, 400, "The HTTP version is malformed"),
        ("GET / HTTP/1.1\0\r\n" + Ok, 400, "There is a NUL byte"),
        ("GET / HTTP/1.2\r\n" + Ok, 505, "The HTTP version is not supported"),
        ("GET / HTTP/0.9\r\n" + Ok, 505, "The HTTP version is not supported"),
        ("GET / HTTP/3.0\r\n" + Ok, 505, "The HTTP version is not supported"),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "The HTTP version is not supported"),
        ("CONNECT a:443 HTTP/1.1\r\n" + Ok, 501, "The method CONNECT is not supported"),
        ("CONNECT / HTTP/1.1\r\n" + Ok, 501, "The method CONNECT is not supported"),

        // target
        ("GET a:443 HTTP/1.1\r\n" + Ok, 400, "The request target must begin with"),
        ("GET a/b HTTP/1.1\r\n" + Ok, 400, "The request target must begin with"),
        ("GET * HTTP/1.1\r\n" + Ok, 400, "The request target must begin with"),
        ("OPTIONS *x HTTP/1.1\r\n" + Ok, 400, "The request target must begin with"),
        ("GET ftp://a/ HTTP/1.1\r\n" + Ok, 400, "The request target must begin with"),
        ("GET http:/a HTTP/1.1\r\n" + Ok, 400, "The request target must begin with"),
        ("GET ?x HTTP/1.1\r\n" + Ok, 400, "The request target must begin with"),
        ("GET http:///x HTTP/1.1\r\n" + Ok, 400, "The authority of the request target"),
        ("GET http://user@a/ HTTP/1.1\r\n" + Ok, 400, "The authority of the request target"),
        ("GET http://a:0/ HTTP/1.1\r\n" + Ok, 400, "The authority of the request target"),
        ("GET http://b/ HTTP/1.1\r\n" + Ok, 400, "The Host field and the authority"),
        ("GET http://a:81/ HTTP/1.1\r\n" + Ok, 400, "The Host field and the authority"),
        ("GET https://a:80/ HTTP/1.1\r\n" + Ok, 400, "The Host field and the authority"),
        ("GET /#x HTTP/1.1\r\n" + Ok, 400, "The request target has a fragment"),
        ("GET /?#x HTTP/1.1\r\n" + Ok, 400, "The request target has a fragment"),
        ("GET /\u00e9 HTTP/1.1\r\n" + Ok, 400, "The request target has a byte outside"),
        ("GET /\t HTTP/1.1\r\n" + Ok, 400, "The request target has a byte outside"),
        ("GET /\u007f HTTP/1.1\r\n" + Ok, 400, "The request target has a byte outside"),
        ("GET /\0 HTTP/1.1\r\n" + Ok, 400, "There is a NUL byte"),
        ("GET /%00 HTTP/1.1\r\n" + Ok, 400, "The path has an encoded NUL"),
        ("GET /% HTTP/1.1\r\n" + Ok, 400, "The path has an incomplete percent-encoding"),
        ("GET /%4 HTTP/1.1\r\n" + Ok, 400, "The path has an incomplete percent-encoding"),
        ("GET /%4g HTTP/1.1\r\n" + Ok, 400, "The path has an incomplete percent-encoding"),
        ("GET /%4?1 HTTP/1.1\r\n" + Ok, 400, "The path has an incomplete percent-encoding"),
        ("GET /.. HTTP/1.1\r\n" + Ok, 400, "The path leads above its root"),
        ("GET /a/../../b HTTP/1.1\r\n" + Ok, 400, "The path leads above its root"),
        ("GET /%2e%2E/ HTTP/1.1\r\n" + Ok, 400, "The path leads above its root"),
        ("GET /a%2f..%2f.. HTTP/1.1\r\n" + Ok, 400, "The path leads above its root"),

        // lines
        ("GET / HTTP/1.1\r\nHost: a\n\r\n", 400, "A line of the head ends with a bare LF"),
        ("GET / HTTP/1.1\r\nHost: a\r\n\n", 400, "A line of the head ends with a bare LF"),
        ("GET / HTTP/1.1\r\nHost: a\rb: c\r\n\r\n", 400, "There is a CR without LF"),
        ("GET / HTTP/1.1\r\nHost: a\r\n\rb", 400, "There is a CR without LF"),
        ("GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", 400, "There is a CR without LF"),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", 400, "There is a NUL byte"),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \u0001\r\n\r\n", 400, "There is a control byte"),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \u000b\r\n\r\n", 400, "There is a control byte"),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \u007f\r\n\r\n", 400, "There is a control byte"),
        ("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400, "A header line begins with white space"),
        ("GET / HTTP/1.1\r\nHost: a\r\n\tfolded\r\n\r\n", 400, "A header line begins with white space"),
        ("GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400, "A header line begins with white space"),
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400, "There is white space in or behind a field name"),
        ("GET / HTTP/1.1\r\nHost\t: a\r\n\r\n", 400, "There is white space in or behind a field name"),
        ("GET / HTTP/1.1\r\nHost: a\r\nX Y: b\r\n\r\n", 400, "There is white space in or behind a field name"),
        ("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400, "A header field has an empty name"),
        ("GET / HTTP/1.1\r\nHost: a\r\nX(: b\r\n\r\n", 400, "A header field's name is not a token"),
        ("GET / HTTP/1.1\r\nHost: a\r\nX\u00e9: b\r\n\r\n", 400, "A header field's name is not a token"),
        ("GET / HTTP/1.1\r\nHost: a\r\nX\u007f: b\r\n\r\n", 400, "A header field's name is not a token"),
        ("GET / HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n", 400, "There is a NUL byte"),
        ("GET / HTTP/1.1\r\nHost: a\r\n\"X\": b\r\n\r\n", 400, "A header field's name is not a token"),
        ("GET / HTTP/1.1\r\nHost: a\r\nnocolon\r\n\r\n", 400, "A header line has no colon"),
        ("GET / HTTP/1.1\r\nHost: a\r\nnocolon\n\r\n", 400, "A line of the head ends with a bare LF"),
        ("GET / HTTP/1.1\r\nHost: a\r\nnocolon\rx", 400, "There is a CR without LF"),

        // Host
        ("GET / HTTP/1.1\r\n\r\n", 400, "The Host field is missing"),
        ("GET http://a/ HTTP/1.1\r\n\r\n", 400, "The Host field is missing"),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400, "There is more than one Host field"),
        ("GET / HTTP/1.0\r\nHost: a\r\nhOST: b\r\n\r\n", 400, "There is more than one Host field"),
        .. HostValues.Select(value => ($"GET / HTTP/1.1\r\nHost: {value}\r\n\r\n", 400, "The Host field must be")),

        // framing
        .. LengthValues.Select(value => ($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {value}\r\n\r\n", 400, "Content-Length must be one decimal")),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400, "There is more than one Content-Length"),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\ncontent-length: 1\r\n\r\n", 400, "There is more than one Content-Length"),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "Content-Length and Transfer-Encoding exclude"),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 400, "Content-Length and Transfer-Encoding exclude"),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "There is more than one Transfer-Encoding"),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n", 400, "There is more than one Transfer-Encoding"),
        ("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "Transfer-Encoding is not allowed in HTTP/1.0"),
        .. BadCodings.Select(value => ($"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: {value}\r\n\r\n", 400, "Transfer-Encoding must be exactly")),
        .. UnknownCodings.Select(value => ($"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: {value}\r\n\r\n", 501, "The Transfer-Encoding is not supported")),

        // connection and expectation
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: a b\r\n\r\n", 400, "The Connection field must be a list"),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close;x\r\n\r\n", 400, "The Connection field must be a list"),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: " + string.Join(',', Enumerable.Repeat("x", 33)) + "\r\n\r\n", 400, "The Connection field has more than 32"),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: " + new string(',', 34) + "\r\n\r\n", 400, "The Connection field has more than 32"),
        ("POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n", 417, "The Expect field must be"),
        ("POST / HTTP/1.1\r\nHost: a\r\nExpect:\r\n\r\n", 417, "The Expect field must be"),
    ];

    /// <summary>Answers of nodes; the status is always 502.</summary>
    internal static readonly (string Sent, string Reason)[] Responses =
    [
        .. StatusLines.Select(line => (line + "\r\n\r\n", "The status line must be")),
        ("HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\n", "An interim answer (1xx) announces a body"),
        ("HTTP/1.1 200 OK\n\r\n", "A line of the head ends with a bare LF"),
        ("HTTP/1.1 200 O\0K\r\n\r\n", "There is a NUL byte"),
        ("HTTP/1.1 200 O\u0001K\r\n\r\n", "There is a control byte"),
        ("HTTP/1.1 200 OK\rX\r\n\r\n", "There is a CR without LF"),
        ("HTTP/1.1 200 OK\r\nA: 1\n\r\n", "A line of the head ends with a bare LF"),
        ("HTTP/1.1 200 OK\r\nA: 1\r\n b\r\n\r\n", "A header line begins with white space"),
        ("HTTP/1.1 200 OK\r\nA : 1\r\n\r\n", "There is white space in or behind a field name"),
        ("HTTP/1.1 200 OK\r\nA\r\n\r\n", "A header line has no colon"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", "There is more than one Content-Length"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\n", "Content-Length must be one decimal"),
        ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "Content-Length must be one decimal"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "Content-Length and Transfer-Encoding exclude"),
        ("HTTP/1.1 204 No\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "Content-Length and Transfer-Encoding exclude"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "The Transfer-Encoding is not supported"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", "Transfer-Encoding must be exactly"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n", "Transfer-Encoding must be exactly"),
        ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "Transfer-Encoding is not allowed in HTTP/1.0"),
        ("HTTP/1.1 200 OK\r\nConnection: a b\r\n\r\n", "The Connection field must be a list"),
    ];

    private static string[] HostValues =>
    [
        "", "a b", "a,b", "a/b", "a@b", "a?b", "a\\b", "http://a", "a%41", "\u00e9.com", "a..b", ".a", ".", "..", "a..", "a:b", "a:1:2", "a:-1", "a:0", "a:65536",
        "a:000080", ":80", "[::1", "::1", "[]", "[::g]", "[1.2.3.4]", "[::1]x", "[::1]:x", "[fe80::1%25eth0]", "[::1]]", new string('a', 256),
    ];

    private static string[] LengthValues =>
        ["", "a", "1a", "+1", "-1", "-0", "1 2", "1,1", "1, 1", "1.0", "0x1", "1e1", "9223372036854775808", "99999999999999999999", "00000000000000000001", "\u00b2", "1;"];

    private static string[] BadCodings => ["", "identity", "chunked, chunked", "chunked,", ",chunked", "chunked;q=1", "chunked, identity", "chun ked, (x)", "\"chunked\"", "identity, gzip"];

    private static string[] UnknownCodings => ["gzip", "gzip, chunked", "chunked, gzip", "xchunked", "chunkedx", "cow;a=b", "x-chunked"];

    private static string[] StatusLines =>
    [
        "", "HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 20", "HTTP/1.1 2000 OK", "HTTP/1.1  200 OK", "HTTP/1.1 2x0 OK", "HTTP/1.1 099 OK", "HTTP/1.1 600 OK", "HTTP/1.1 999 OK",
        "HTTP/1.1 -10 OK", "HTTP/1.2 200 OK", "HTTP/2.0 200 OK", "HTTP/0.9 200 OK", "http/1.1 200 OK", "ICY 200 OK", " HTTP/1.1 200 OK", "HTTP/1.1\t200 OK",
        "HTTP/1.1 200\tOK", "<html>it is HTTP/0.9</html>", "SSH-2.0-OpenSSH_9.2p1",
    ];
}
