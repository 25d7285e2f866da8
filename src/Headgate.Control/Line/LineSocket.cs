using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;

namespace Headgate.Control.Line;

/// <summary>Messages over a WebSocket, either end. Any thread may send; one at a time receives.</summary>
internal sealed class LineSocket(WebSocket socket, TimeProvider time) : IDisposable
{
    /// <summary>Longest message, bytes; who sends a longer one loses the line.</summary>
    public const int MessageMax = 8 << 20;

    private const int ChunkSize = 16 << 10;

    /// <summary>A peer that takes a message no faster is as good as gone.</summary>
    private static readonly TimeSpan SendMax = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _sending = new(1, 1);

    /// <summary>Sends a message. Cancelled while it waits for its turn it is not sent; once begun it is: half a frame would break the line for all.</summary>
    /// <exception cref="LineException">The line is broken, or the message is too long for it.</exception>
    public async Task SendAsync(LineMessage message, CancellationToken cancellationToken)
    {
        byte[] text = JsonSerializer.SerializeToUtf8Bytes(message, LineJson.Default.LineMessage);
        if (text.Length > MessageMax)
            throw new LineException($"a message of {text.Length} bytes is too long; allowed: {MessageMax}") { IsTooLong = true };
        await _sending.WaitAsync(cancellationToken);
        try
        {
            using var bound = new CancellationTokenSource(SendMax, time);
            await socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, bound.Token);
        }
        catch (Exception e) when (IsBroken(e) || e is OperationCanceledException)
        {
            throw new LineException("the line broke: " + e.Message, e);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The next message; null = the peer has ended the line.</summary>
    /// <param name="patience">How long it may take to come.</param>
    /// <param name="cancellationToken">Ends the wait, and the line with it.</param>
    /// <exception cref="LineException">The line broke, the peer is silent, or what it sent is no message.</exception>
    public async Task<LineMessage?> ReceiveAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(ChunkSize);
        using var silence = new CancellationTokenSource(patience, time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            ValueWebSocketReceiveResult read;
            do
            {
                read = await socket.ReceiveAsync(buffer.GetMemory(ChunkSize), bound.Token);
                if (read.MessageType == WebSocketMessageType.Close)
                    return null;
                if (read.MessageType != WebSocketMessageType.Text)
                    throw new LineException("what came is no message: it is binary");
                buffer.Advance(read.Count);
                if (buffer.WrittenCount > MessageMax)
                    throw new LineException($"a message is longer than {MessageMax} bytes");
            }
            while (!read.EndOfMessage);
            return JsonSerializer.Deserialize(buffer.WrittenSpan, LineJson.Default.LineMessage) ?? throw new LineException("what came is no message: it is null");
        }
        catch (JsonException e)
        {
            throw new LineException("what came is no message: " + e.Message, e);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && silence.IsCancellationRequested)
        {
            throw new LineException($"nothing came for {patience.TotalSeconds:0} s");
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LineException("the line broke: " + (e.InnerException?.Message ?? "it was closed here"), e);
        }
        catch (Exception e) when (IsBroken(e))
        {
            throw new LineException("the line broke: " + e.Message, e);
        }
    }

    /// <summary>Why the peer has ended the line; empty when it did not say.</summary>
    public string Farewell => socket.CloseStatusDescription ?? "";

    /// <summary>Ends the line, and says why. Never throws.</summary>
    public async Task CloseAsync(WebSocketCloseStatus status, string reason)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await socket.CloseOutputAsync(status, Shortened(reason), bound.Token);
        }
        catch (Exception e) when (IsBroken(e) || e is OperationCanceledException)
        {
            socket.Abort();
        }
    }

    /// <summary>Breaks the line: whoever waits on it is told. Any thread.</summary>
    public void Abort() => socket.Abort();

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private static bool IsBroken(Exception e) => e is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException;

    /// <summary>RFC 6455 §5.5: a control frame has 125 bytes at most, two of which are the status.</summary>
    private static string Shortened(string reason)
    {
        string ascii = string.Concat(reason.Select(static c => char.IsAscii(c) ? c : '?'));
        return ascii.Length <= 120 ? ascii : ascii[..120];
    }
}
