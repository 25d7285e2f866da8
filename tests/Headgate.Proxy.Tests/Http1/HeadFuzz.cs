using System.Text;

namespace Headgate.Proxy.Tests.Http1;

/// <summary>Heads with mistakes: sound and unsound ones, changed a little at random places.</summary>
internal sealed class HeadFuzz(int seed)
{
    private static readonly string[] Pieces =
    [
        "\r\n", "\n", "\r", "\0", " ", "\t", ":", ",", ";", "/", "..", "%2e", "%00", "?", "#", "*", "\r\n ", "\r\n\r\n", "Host: b\r\n", "Content-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\n", "chunked", "Connection: close, X-A\r\n", "HTTP/1.1", "HTTP/1.0", "http://a", "[::1]", "\u00e9", "\u007f", "Expect: 100-continue\r\n",
        "TE: trailers\r\n", "X-Forwarded-For: 9.9.9.9\r\n", "Upgrade: websocket\r\n", "100-continue", "0", "9223372036854775807",
    ];

    private static readonly string[] Sound =
    [
        "GET /a/b?c=d HTTP/1.1\r\nHost: example.com:80\r\nUser-Agent: x\r\nAccept: */*\r\nX-A: 1\r\nConnection: keep-alive\r\n\r\n",
        "POST /%41/../b HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\nX-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 2.2.2.2\r\nExpect: 100-continue\r\n\r\n0123456789",
        "PUT http://a/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: x\r\nTE: trailers\r\nConnection: TE, X-Hop\r\nX-Hop: 1\r\n\r\n0\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n",
        "OPTIONS http://a HTTP/1.0\r\n\r\n",
        "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nServer: x\r\nDate: y\r\nContent-Length: 3\r\nSet-Cookie: a\r\n\r\nabc",
        "HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        "HTTP/1.0 404 \r\nTransfer-Encoding: chunked\r\nConnection: keep-alive, X-A\r\nX-A: b\r\n\r\n",
        "HTTP/1.1 204 No\r\nX-APISIX-Upstream-Status: 1\r\n\r\n",
    ];

    private readonly Random _random = new(seed);

    /// <summary>The next case.</summary>
    internal byte[] Next()
    {
        StringBuilder text = new(_random.Next(10) == 0 ? Refused.Requests[_random.Next(Refused.Requests.Length)].Sent : Sound[_random.Next(Sound.Length)]);
        for (int change = _random.Next(4); change > 0 && text.Length > 0; change--)
            Change(text);
        return Heads.Bytes(text.ToString());
    }

    /// <summary>A place to cut a case of that length.</summary>
    internal int Cut(int length) => _random.Next(length + 1);

    private void Change(StringBuilder text)
    {
        int at = _random.Next(text.Length);
        switch (_random.Next(6))
        {
            case 0:
                text[at] = (char)_random.Next(256);
                break;
            case 1:
                text.Remove(at, Math.Min(_random.Next(1, 8), text.Length - at));
                break;
            case 2:
                text.Insert(at, (char)_random.Next(256));
                break;
            case 3:
                string copy = text.ToString(at, Math.Min(_random.Next(1, 30), text.Length - at));
                text.Insert(_random.Next(text.Length), copy);
                break;
            case 4:
                text.Length = at;
                break;
            default:
                text.Insert(at, Pieces[_random.Next(Pieces.Length)]);
                break;
        }
    }
}
