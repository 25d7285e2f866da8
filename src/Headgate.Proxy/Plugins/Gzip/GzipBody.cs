using System.IO.Compression;
using Headgate.Proxy.Plugins.Bodies;

namespace Headgate.Proxy.Plugins.Gzip;

/// <summary>
/// A body on its way through gzip (RFC 1952). The encoder is made anew for each answer, because .NET's cannot begin again: some hundred bytes, and memory outside of the collector's.
/// </summary>
#pragma warning disable CA1001 // The stream holds nothing, and Release gives the encoder back.
internal sealed class GzipBody : BodyTransform
#pragma warning restore CA1001
{
    private readonly ZLibCompressionOptions _options;
    private readonly TransformPool<GzipBody> _pool;
    private readonly SinkStream _sink = new();
    private GZipStream? _encoder;
    private bool _holdsBack;

    public GzipBody(int level, TransformPool<GzipBody> pool) => (_options, _pool) = (new ZLibCompressionOptions { CompressionLevel = level }, pool);

    /// <summary>What no bytes at all are compressed to; .NET's encoder writes nothing then.</summary>
    private static ReadOnlySpan<byte> Empty => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> run, BodySink next)
    {
        _sink.Next = next;
        _encoder ??= new GZipStream(_sink, _options, leaveOpen: true);
        _encoder.Write(run);
        _holdsBack = true;
    }

    /// <inheritdoc/>
    public override void Pause(BodySink next)
    {
        if (_holdsBack)
            _encoder!.Flush();
        _holdsBack = false;
    }

    /// <inheritdoc/>
    public override bool End(BodySink next)
    {
        if (_encoder is null)
            next.Write(Empty);
        _encoder?.Dispose();
        _encoder = null;
        return true;
    }

    /// <inheritdoc/>
    public override void Release()
    {
        _sink.Next = null;
        _encoder?.Dispose();
        (_encoder, _holdsBack) = (null, false);
        _pool.Return(this);
    }

    /// <summary>Passes on what the encoder writes; nothing once the answer is over.</summary>
    private sealed class SinkStream : Stream
    {
        public BodySink? Next { get; set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer) => Next?.Write(buffer);

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
