using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Headgate.Testing;

/// <summary>One connection of a <see cref="ScriptedNode"/>, as its script sees it.</summary>
public sealed class ScriptedPeer : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private Stream _stream;
    private int _start;
    private int _end;

    internal ScriptedPeer(Socket socket, int number, CancellationToken stopping)
    {
        Socket = socket;
        Number = number;
        Stopping = stopping;
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>The socket, for what this class has no word for.</summary>
    public Socket Socket { get; }

    /// <summary>1 for the node's first connection, and so on.</summary>
    public int Number { get; }

    /// <summary>The test ends.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>The TLS stream; null in clear text.</summary>
    public SslStream? Tls => _stream as SslStream;

    /// <summary>Reads a head up to and with its empty line; null when the connection ended before its first byte.</summary>
    public async Task<string?> ReadHeadAsync()
    {
        while (true)
        {
            int end = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                string head = Encoding.Latin1.GetString(_buffer, _start, end + 4);
                _start += end + 4;
                return head;
            }

            if (!await FillAsync())
            {
                return _start == _end ? null : throw new EndOfStreamException("The connection ended inside a head.");
            }
        }
    }

    /// <summary>Reads exactly <paramref name="count"/> bytes.</summary>
    public async Task<byte[]> ReadBytesAsync(int count)
    {
        byte[] bytes = new byte[count];
        int done = 0;
        while (done < count)
        {
            if (_start == _end && !await FillAsync())
            {
                throw new EndOfStreamException($"The connection ended {count - done} bytes early.");
            }

            int piece = Math.Min(count - done, _end - _start);
            _buffer.AsSpan(_start, piece).CopyTo(bytes.AsSpan(done));
            _start += piece;
            done += piece;
        }

        return bytes;
    }

    /// <summary>Sends text, a byte a character.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends bytes.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes, Stopping);

    /// <summary>Sends 200 with a Content-Length and <paramref name="body"/>.</summary>
    public Task AnswerAsync(string body) =>
        SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Encoding.Latin1.GetByteCount(body)}\r\n\r\n{body}");

    /// <summary>Answers every request without a body like <see cref="AnswerAsync"/> until the other side closes.</summary>
    public async Task AnswerAllAsync(string body)
    {
        while (await ReadHeadAsync() is not null)
        {
            await AnswerAsync(body);
        }
    }

    /// <summary>Reads and drops until the other side ends the connection: true when in order (FIN), false by a reset.</summary>
    public async Task<bool> WaitForEndAsync()
    {
        try
        {
            do
            {
                _start = _end;
            }
            while (await FillAsync());
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Waits until the test ends without reading a byte.</summary>
    public Task IgnoreAsync() => Task.Delay(Timeout.Infinite, Stopping);

    /// <summary>Closes with a reset (RST), losing what is under way.</summary>
    public void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Close(0);
    }

    /// <summary>Finishes sending (FIN) and goes on reading.</summary>
    public void CloseSend() => Socket.Shutdown(SocketShutdown.Send);

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    internal async Task StartTlsAsync(SslServerAuthenticationOptions options)
    {
        var tls = new SslStream(_stream);
        _stream = tls;
        await tls.AuthenticateAsServerAsync(options, Stopping);
    }

    private async Task<bool> FillAsync()
    {
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
        }

        int count = await _stream.ReadAsync(_buffer.AsMemory(_end), Stopping);
        _end += count;
        return count > 0;
    }
}
