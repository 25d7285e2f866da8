using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>
/// One end of a connection that reads HTTP/1.1 messages as they are on the wire: nothing is mended or tried again behind the test's back. A peer that closes in the middle of a message
/// is a <see cref="ConnectionClosedException"/>.
/// </summary>
internal sealed class Wire(Socket socket) : IDisposable
{
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int _start;
    private int _end;
    private int _disposed;

    public Socket Socket { get; } = socket;

    public static async Task<Wire> ConnectAsync(int port, int receiveBuffer = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer > 0)
            socket.ReceiveBufferSize = receiveBuffer;
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new Wire(socket);
    }

    /// <summary>Sends text, a byte a character.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
                bytes = bytes[await Socket.SendAsync(bytes)..];
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new ConnectionClosedException(0, e as SocketException);
        }
    }

    /// <summary>Sends <paramref name="bytes"/> in chunks of <paramref name="size"/>, the last chunk included.</summary>
    public async Task SendChunkedAsync(ReadOnlyMemory<byte> bytes, int size)
    {
        for (int at = 0; at < bytes.Length; at += size)
            await SendChunkAsync(bytes.Slice(at, Math.Min(size, bytes.Length - at)));
        await SendAsync("0\r\n\r\n");
    }

    public async Task SendChunkAsync(ReadOnlyMemory<byte> bytes)
    {
        byte[] chunk = ArrayPool<byte>.Shared.Rent(bytes.Length + 16);
        try
        {
            int line = Encoding.Latin1.GetBytes($"{bytes.Length:x}\r\n", chunk);
            bytes.Span.CopyTo(chunk.AsSpan(line));
            "\r\n"u8.CopyTo(chunk.AsSpan(line + bytes.Length));
            await SendAsync(chunk.AsMemory(0, line + bytes.Length + 2));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    /// <summary>The next head; null when the peer has closed in order before its first byte.</summary>
    public async ValueTask<WireHead?> ReadHeadAsync()
    {
        int end;
        while ((end = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await FillAsync())
                return _start == _end ? null : throw new ConnectionClosedException(_end - _start, null);
        }

        var head = new WireHead(Encoding.Latin1.GetString(_buffer, _start, end + 4));
        _start += end + 4;
        return head;
    }

    /// <summary>Reads the body that <paramref name="head"/> announces, piece by piece; each piece is valid until the next.</summary>
    public async ValueTask ReadBodyAsync(WireHead head, Func<ReadOnlyMemory<byte>, ValueTask> take)
    {
        if (!head.IsChunked)
        {
            await ReadExactAsync(Math.Max(0, head.Length), take);
            return;
        }

        while (true)
        {
            int length = await ReadLineAsync(static line => Utf8Parser.TryParse(line, out int size, out int used, 'x') && used == line.Length
                ? size
                : throw new InvalidDataException("no chunk size: " + Encoding.Latin1.GetString(line)));
            await ReadExactAsync(length, take);
            if (length == 0)
                break;
            await ReadLineAsync(static line => line.Length == 0 ? 0 : throw new InvalidDataException("a chunk is longer than it says"));
        }

        while (await ReadLineAsync(static line => line.Length) > 0)
        {
        }
    }

    /// <summary>Reads and drops until the peer closes; how does not matter.</summary>
    public async Task DrainAsync()
    {
        try
        {
            do
            {
                _start = _end;
            }
            while (await FillAsync());
        }
        catch (ConnectionClosedException)
        {
            // Reset.
        }
    }

    /// <summary>Closes with a reset, losing what is under way.</summary>
    public void Reset()
    {
        try
        {
            Socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed already.
        }

        Socket.Dispose();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        Socket.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private async ValueTask ReadExactAsync(int count, Func<ReadOnlyMemory<byte>, ValueTask> take)
    {
        while (count > 0)
        {
            if (_start == _end && !await FillAsync())
                throw new ConnectionClosedException(count, null);
            int piece = Math.Min(count, _end - _start);
            await take(_buffer.AsMemory(_start, piece));
            _start += piece;
            count -= piece;
        }
    }

    private delegate int LineReader(ReadOnlySpan<byte> line);

    private async ValueTask<int> ReadLineAsync(LineReader read)
    {
        int end;
        while ((end = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
        {
            if (!await FillAsync())
                throw new ConnectionClosedException(_end - _start, null);
        }

        int result = read(_buffer.AsSpan(_start, end));
        _start += end + 2;
        return result;
    }

    private async ValueTask<bool> FillAsync()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
            throw new InvalidDataException("a head or a line is longer than the buffer");
        try
        {
            int count = await Socket.ReceiveAsync(_buffer.AsMemory(_end));
            _end += count;
            return count > 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new ConnectionClosedException(_end, e as SocketException);
        }
    }
}
