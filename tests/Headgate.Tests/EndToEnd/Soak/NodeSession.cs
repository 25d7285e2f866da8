using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>
/// One connection of a <see cref="SoakNode"/>. What it does is in the request's path, after whatever prefix the route has:
/// <c>/get/ID/LENGTH/FRAMING</c> (framing: <c>l</c>ength, <c>c</c>hunked; with <c>x</c> the node closes after it), <c>/echo/ID/LENGTH/whole</c>, <c>/echo/ID/LENGTH/early</c> (each piece
/// is sent back as it comes), <c>/ws/ID</c>.
/// </summary>
internal sealed class NodeSession(Wire wire, DeathLedger ledger)
{
    private const int PieceLength = 16 * 1024;

    private volatile bool _killed;

    // The answer begun last: it may still be on its way when its bytes have been handed to the kernel. The next request shows that it has arrived.
    private long _answered = -1;

    /// <summary>Resets the connection.</summary>
    public void Kill()
    {
        _killed = true;
        wire.Reset();
    }

    public async Task RunAsync()
    {
        try
        {
            while (await wire.ReadHeadAsync() is { } request)
            {
                _answered = -1;
                if (!await AnswerAsync(request))
                    break;
            }

            if (_killed)
                return;
            wire.Socket.Shutdown(SocketShutdown.Send);
            await wire.DrainAsync();
        }
        catch (Exception e) when (e is ConnectionClosedException or WebSocketException or IOException or SocketException or ObjectDisposedException)
        {
            // The gateway closed, or the node died.
        }
        finally
        {
            if (_killed && _answered >= 0)
                ledger.AddBroken(_answered);
            wire.Dispose();
        }
    }

    // False: the connection ends with this answer.
    private Task<bool> AnswerAsync(WireHead request)
    {
        string[] parts = request.Path.Split('/');
        int at = Array.FindIndex(parts, part => part is "get" or "echo" or "ws");
        long id = long.Parse(parts[at + 1], CultureInfo.InvariantCulture);
        int length = parts[at] == "ws" ? 0 : int.Parse(parts[at + 2], CultureInfo.InvariantCulture);
        return parts[at] switch
        {
            "get" => GetAsync(id, length, parts[at + 3], request.Method == "HEAD"),
            "echo" => EchoAsync(id, request, SoakContent.Of(id, length), early: parts[at + 3] == "early"),
            _ => WebSocketAsync(id, request),
        };
    }

    private async Task<bool> GetAsync(long id, int length, string framing, bool headOnly)
    {
        ReadOnlyMemory<byte> body = SoakContent.Of(id, length);
        bool chunked = framing[0] == 'c';
        bool closes = framing.EndsWith('x');
        await BeginAsync(id, (chunked ? "Transfer-Encoding: chunked\r\n" : $"Content-Length: {length}\r\n") + (closes ? "Connection: close\r\n" : ""));
        if (headOnly)
            return !closes;
        if (chunked)
            await wire.SendChunkedAsync(body, (int)(id % PieceLength) + 1 + (length / 100));
        else
            await wire.SendAsync(body);
        return !closes;
    }

    // The body must be the one the client meant, whole: a gateway that ends a broken upload in order would show here.
    private async Task<bool> EchoAsync(long id, WireHead request, ReadOnlyMemory<byte> expected, bool early)
    {
        int seen = 0;
        if (early)
            await BeginAsync(id, "Transfer-Encoding: chunked\r\n");
        byte[] body = early ? [] : new byte[expected.Length];
        await wire.ReadBodyAsync(request, async piece =>
        {
            if (seen + piece.Length > expected.Length || !expected.Slice(seen, piece.Length).Span.SequenceEqual(piece.Span))
                throw new InvalidDataException($"the upload of request {id} differs between byte {seen} and {seen + piece.Length}");
            if (early)
                await wire.SendChunkAsync(piece);
            else
                piece.CopyTo(body.AsMemory(seen));
            seen += piece.Length;
        });
        if (seen != expected.Length)
            throw new InvalidDataException($"the upload of request {id} has {seen} bytes instead of {expected.Length}");
        if (early)
        {
            await wire.SendAsync("0\r\n\r\n");
            return true;
        }

        await BeginAsync(id, $"Content-Length: {body.Length}\r\n");
        await wire.SendAsync(body);
        return true;
    }

    private async Task<bool> WebSocketAsync(long id, WireHead request)
    {
        _answered = id;
        await wire.SendAsync($"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {Accept(request.Field("Sec-WebSocket-Key")!)}\r\n\r\n");
        await using var stream = new NetworkStream(wire.Socket);
        using WebSocket socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = TimeSpan.Zero });
        byte[] buffer = new byte[PieceLength];
        while (await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } piece)
            await socket.SendAsync(buffer.AsMemory(0, piece.Count), piece.MessageType, piece.EndOfMessage, CancellationToken.None);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None);
        return false;
    }

    private Task BeginAsync(long id, string fields)
    {
        _answered = id;
        return wire.SendAsync($"HTTP/1.1 200 OK\r\n{WireHead.IdField}: {id}\r\n{fields}\r\n");
    }

#pragma warning disable CA5350 // RFC 6455 §4.2.2 says SHA-1.
    private static string Accept(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
}
