using System.Buffers.Binary;
using System.Net.Sockets;

namespace Headgate.Proxy.Tests.Transport.Kestrel;

/// <summary>A client's connection that sends its ClientHello in several records, the first of which has <c>first</c> bytes (RFC 8446 §5.1 allows it).</summary>
internal sealed class CutHelloStream(Socket socket, int first) : Stream
{
    private readonly NetworkStream _inner = new(socket, ownsSocket: true);
    private bool _cut;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() => _inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => _inner.Read(buffer, offset, count);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _inner.ReadAsync(buffer, cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_cut)
            return _inner.WriteAsync(buffer, cancellationToken);
        _cut = true;
        ReadOnlySpan<byte> message = buffer.Span[5..];
        byte[] sent = [.. Record(buffer.Span, message[..first]), .. Record(buffer.Span, message[first..])];
        return _inner.WriteAsync(sent, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        _inner.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] Record(ReadOnlySpan<byte> header, ReadOnlySpan<byte> content)
    {
        byte[] record = [.. header[..5], .. content];
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(3), (ushort)content.Length);
        return record;
    }
}
