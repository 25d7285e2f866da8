using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>A node that accepts WebSocket upgrades and runs a script on each.</summary>
internal static class WebSocketNode
{
    public static ScriptedNode Start(Func<WebSocket, CancellationToken, Task> script) => ScriptedNode.Start(async peer =>
    {
        string head = (await peer.ReadHeadAsync())!;
        string key = head.Split("\r\n").Single(line => line.StartsWith("Sec-WebSocket-Key: ", StringComparison.OrdinalIgnoreCase))[19..];
        await peer.SendAsync(
            $"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {Accept(key)}\r\n\r\n");
        await using var stream = new NetworkStream(peer.Socket);
        using WebSocket socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = TimeSpan.Zero });
        await script(socket, peer.Stopping);
    });

    /// <summary>Sends back every message until the client closes; then closes too.</summary>
    public static ScriptedNode StartEcho() => Start(async (socket, stopping) =>
    {
        byte[] buffer = new byte[65_536];
        for (; ; )
        {
            WebSocketReceiveResult piece = await socket.ReceiveAsync(new ArraySegment<byte>(buffer), stopping);
            if (piece.MessageType == WebSocketMessageType.Close)
                break;
            await socket.SendAsync(new ArraySegment<byte>(buffer, 0, piece.Count), piece.MessageType, piece.EndOfMessage, stopping);
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "bye", stopping);
    });

#pragma warning disable CA5350 // RFC 6455 §4.2.2 says SHA-1.
    private static string Accept(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
}
