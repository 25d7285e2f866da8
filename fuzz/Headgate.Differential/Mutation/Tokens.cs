using System.Text;

namespace Headgate.Differential.Mutation;

/// <summary>What HTTP/1.1 is made of, and what it must not be made of: pieces that random bytes would not find.</summary>
internal static class Tokens
{
    /// <summary>Pieces of requests and chunked bodies.</summary>
    public static readonly byte[][] Request = Bytes(
        "\r\n", "\n", "\r", "\r\r\n", "\r\n\r\n", "\n\n", "\r\n ", "\r\n\t", "\0", " ", "\t", "\u000b", "\u000c", "\u0085", "\u00a0", "\u00e9", "\u007f", ":", ": ", " :", ",", ";", "=", "\"",
        "\\", "/", "//", "/../", "/%2e%2e/", "%00", "%0d%0a", "%2f", "%", "?", "#", "*", "@", "[::1]", "http://a", "http://b/", "https://a:443/", "ws://a/", "GET ", "POST ", "HEAD ", "OPTIONS * ",
        "CONNECT a:80 ", "TRACE ", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", " HTTP/1.1", " HTTP/1.0", " HTTP/1.1\r\n", " HTTP/2.0", " HTTP/0.9", " HTTP/1.10", " http/1.1", "Host: a\r\n", "Host: b\r\n", "Host:\r\n",
        "Host : a\r\n", "Content-Length: 0\r\n", "Content-Length: 3\r\n", "Content-Length: 5\r\n", "Content-Length: 3, 3\r\n", "Content-Length: +3\r\n", "Content-Length: -1\r\n",
        "Content-Length: 0x3\r\n", "Content-Length : 3\r\n", "Content_Length: 3\r\n", "Content-Length: 9223372036854775807\r\n", "Content-Length: 18446744073709551619\r\n",
        "Transfer-Encoding: chunked\r\n", "Transfer-Encoding : chunked\r\n", "Transfer-Encoding: chunked\n", "Transfer-Encoding:\r\n chunked\r\n", "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: identity\r\n", "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: chunked, chunked\r\n", "Transfer-Encoding: \"chunked\"\r\n", "Transfer-Encoding: chunked;q=1\r\n",
        "Transfer-Encoding:\u000bchunked\r\n", "Transfer_Encoding: chunked\r\n", "chunked", "identity", "gzip", "Connection: close\r\n", "Connection: keep-alive\r\n", "Connection: Host, Content-Length\r\n",
        "Connection: Transfer-Encoding\r\n", "Connection: upgrade\r\nUpgrade: websocket\r\n", "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nConnection: Upgrade, HTTP2-Settings\r\n", "Proxy-Connection: close\r\n",
        "Expect: 100-continue\r\n", "Expect: x\r\n", "TE: trailers\r\n", "TE: chunked\r\n", "Trailer: X\r\n", "Keep-Alive: timeout=1\r\n", "X-Real-IP: 9.9.9.9\r\n", "X-Forwarded-For: 9.9.9.9\r\n", "X: y\r\n",
        "0\r\n\r\n", "0\r\n", "1\r\nx\r\n", "3\r\nabc\r\n", "3;a=b\r\nabc\r\n", "3;a=\"b;\\\"c\"\r\nabc\r\n", "3 \r\nabc\r\n", "3\nabc\n", "00\r\n\r\n", "0x0\r\n\r\n", "-1\r\n", "ffffffffffffffff\r\n",
        "7fffffffffffffff\r\n", "0\r\nX: y\r\n\r\n", "0\r\nContent-Length: 5\r\n\r\n", "0;\r\n\r\n", "GET /x HTTP/1.1\r\nHost: a\r\n\r\n", "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n");

    /// <summary>Pieces of answers, beside <see cref="Request"/>.</summary>
    public static readonly byte[][] Answer = Bytes(
        "HTTP/1.1 200 OK\r\n", "HTTP/1.0 200 OK\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n", "HTTP/1.1 304 Not Modified\r\n", "HTTP/1.1 500 x\r\n", "HTTP/1.1 099 x\r\n", "HTTP/1.1 600 x\r\n", "HTTP/1.1 20 x\r\n", "HTTP/1.1 2000 x\r\n", "HTTP/1.1  200 x\r\n", "HTTP/2 200 x\r\n",
        "ICY 200 OK\r\n", "HTTP/1.1 200\r\n", "Content-Length: 0\r\n\r\n", "Content-Length: 1000000\r\n", "Set-Cookie: a=b\r\n", "Connection: close\r\n\r\n", "Date: x\r\n", "Server: x\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstolen");

    private static byte[][] Bytes(params string[] pieces) => [.. pieces.Select(Encoding.Latin1.GetBytes)];
}
