using System.Net.Sockets;
using System.Text;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>One kept connection to the gateway: sends requests and reads answers with Content-Length, failing on anything else.</summary>
internal sealed class RawClient(Socket socket) : IDisposable
{
    private readonly byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _end;

    /// <summary>Sends <paramref name="request"/> and returns status and body.</summary>
    public async Task<(int Status, ReadOnlyMemory<byte> Body)> AskAsync(ReadOnlyMemory<byte> request)
    {
        await socket.SendAsync(request);
        (_start, _end) = (_end == _start ? 0 : _start, _end == _start ? 0 : _end);
        int headEnd;
        while ((headEnd = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
            await FillAsync();
        ReadOnlySpan<byte> head = _buffer.AsSpan(_start, headEnd);
        int status = int.Parse(Encoding.ASCII.GetString(head.Slice(9, 3)));
        int length = ContentLength(head);
        int bodyStart = _start + headEnd + 4;
        while (_end - bodyStart < length)
            await FillAsync();
        _start = bodyStart + length;
        return (status, _buffer.AsMemory(bodyStart, length));
    }

    public void Dispose() => socket.Dispose();

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        int at = head.IndexOf("Content-Length: "u8);
        at.ShouldBeGreaterThan(0, Encoding.ASCII.GetString(head));
        ReadOnlySpan<byte> rest = head[(at + 16)..];
        int end = rest.IndexOf((byte)'\r');
        return int.Parse(Encoding.ASCII.GetString(end < 0 ? rest : rest[..end]));
    }

    private async Task FillAsync()
    {
        int count = await socket.ReceiveAsync(_buffer.AsMemory(_end));
        if (count == 0)
            throw new EndOfStreamException("the gateway closed the connection in the middle of an answer");
        _end += count;
    }
}
