using System.Net.WebSockets;

namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>WebSocket sessions: messages of all lengths that come back, sent and received at once; most end in order.</summary>
internal sealed class WebSocketFlow(SoakRun run, int number) : SoakFlow(run, "WebSocket", number)
{
    private const int LengthMax = 256 * 1024;

    private readonly byte[] _buffer = new byte[32 * 1024];

    protected override async Task StepAsync()
    {
        long id = Run.NextId();
        Run.Tally.Add("WebSocket sessions");
        using var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        bool open = false;
        try
        {
            await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{Run.Port}/ws/{id}"), CancellationToken.None);
            open = true;
            for (int left = Random.Next(1, 100); left > 0 && !Run.Stopping.IsCancellationRequested; left--)
            {
                if (!await EchoAsync(socket, SoakContent.Of(Run.NextId(), SoakContent.Length(Random, LengthMax))))
                {
                    Run.Tally.Fail($"WebSocket session {id}: a message came back differently");
                    return;
                }
            }

            if (Random.Next(3) == 0)
            {
                Run.Tally.Add("client aborts: WebSocket session without its end");
                socket.Abort();
                return;
            }

            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", CancellationToken.None);
        }
        catch (WebSocketException e)
        {
            // Sessions cannot be moved to another node: one whose node dies is lost.
            if (open && await Run.Ledger.WasBrokenAsync(id))
                Run.Tally.Add("excused: node died under a WebSocket session");
            else
                Run.Tally.Fail($"WebSocket session {id}, {(open ? "open" : "handshake")}: {e}");
        }
    }

    private async Task<bool> EchoAsync(ClientWebSocket socket, ReadOnlyMemory<byte> message)
    {
        ValueTask sending = socket.SendAsync(message, WebSocketMessageType.Binary, true, CancellationToken.None);
        int seen = 0;
        bool right = true;
        try
        {
            ValueWebSocketReceiveResult piece;
            do
            {
                piece = await socket.ReceiveAsync(_buffer.AsMemory(), CancellationToken.None);
                right &= piece.MessageType == WebSocketMessageType.Binary && seen + piece.Count <= message.Length
                    && message.Slice(seen, piece.Count).Span.SequenceEqual(_buffer.AsSpan(0, piece.Count));
                seen += piece.Count;
            }
            while (right && !piece.EndOfMessage);
        }
        finally
        {
            await sending;
        }

        Run.Tally.Add("WebSocket messages");
        Run.Tally.Add("bytes of bodies compared", seen);
        return right && seen == message.Length;
    }
}
