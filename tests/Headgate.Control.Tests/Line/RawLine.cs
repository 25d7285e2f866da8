using System.Net.WebSockets;
using System.Text;
using Headgate.Control.Line;

namespace Headgate.Control.Tests.Line;

/// <summary>The instance's end of a line, as a test plays it: it sends any text.</summary>
internal sealed class RawLine : IDisposable
{
    public const string Hello = """{"hello":{"protocol":1,"instance":{"id":"gw-1","group":"default","hostname":"h","version":"1","addresses":[],"cores":1,"start_time":"2026-05-04T03:02:01+00:00"}}}""";

    private readonly ClientWebSocket _socket = new();

    public static async Task<RawLine> OpenAsync(Uri server, string token)
    {
        var line = new RawLine();
        line._socket.Options.SetRequestHeader("Authorization", "Bearer " + token);
        await line._socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = LineRegistration.Path }.Uri, TestContext.Current.CancellationToken);
        return line;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public Task SendAsync(byte[] bytes, WebSocketMessageType type) => _socket.SendAsync(bytes, type, endOfMessage: true, TestContext.Current.CancellationToken);

    /// <summary>The next message; null = the control plane has ended the line: <see cref="Farewell"/>.</summary>
    public async Task<string?> ReceiveAsync()
    {
        var text = new List<byte>();
        byte[] buffer = new byte[16 * 1024];
        while (true)
        {
            WebSocketReceiveResult read = await _socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            if (read.MessageType == WebSocketMessageType.Close)
                return null;
            text.AddRange(buffer.AsSpan(0, read.Count));
            if (read.EndOfMessage)
                return Encoding.UTF8.GetString(text.ToArray());
        }
    }

    /// <summary>Why the control plane has ended the line.</summary>
    public string? Farewell => _socket.CloseStatusDescription;

    public void Dispose() => _socket.Dispose();
}
