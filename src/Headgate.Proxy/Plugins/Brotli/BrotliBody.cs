using System.Buffers;
using System.IO.Compression;
using Headgate.Proxy.Plugins.Bodies;

namespace Headgate.Proxy.Plugins.Brotli;

/// <summary>A body on its way through Brotli (RFC 7932). The encoder's memory, outside of the collector's, is taken anew for each answer.</summary>
internal sealed class BrotliBody(int quality, int windowBits, TransformPool<BrotliBody> pool) : BodyTransform
{
    private readonly byte[] _out = new byte[16_384];
    private BrotliEncoder _encoder;
    private bool _hasEncoder;
    private bool _holdsBack;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> run, BodySink next)
    {
        Begin();
        _holdsBack = true;
        for (OperationStatus status = OperationStatus.DestinationTooSmall; status != OperationStatus.Done || !run.IsEmpty;)
        {
            status = _encoder.Compress(run, _out, out int consumed, out int written, isFinalBlock: false);
            Pass(status, written, next);
            run = run[consumed..];
        }
    }

    /// <inheritdoc/>
    public override void Pause(BodySink next)
    {
        for (OperationStatus status = OperationStatus.DestinationTooSmall; _holdsBack && status != OperationStatus.Done;)
        {
            status = _encoder.Flush(_out, out int written);
            Pass(status, written, next);
        }

        _holdsBack = false;
    }

    /// <inheritdoc/>
    public override bool End(BodySink next)
    {
        Begin();
        for (OperationStatus status = OperationStatus.DestinationTooSmall; status != OperationStatus.Done;)
        {
            status = _encoder.Compress([], _out, out _, out int written, isFinalBlock: true);
            Pass(status, written, next);
        }

        return true;
    }

    /// <inheritdoc/>
    public override void Release()
    {
        if (_hasEncoder)
            _encoder.Dispose();
        (_encoder, _hasEncoder, _holdsBack) = (default, false, false);
        pool.Return(this);
    }

    private void Begin()
    {
        if (!_hasEncoder)
            _encoder = new BrotliEncoder(quality, windowBits);
        _hasEncoder = true;
    }

    private void Pass(OperationStatus status, int written, BodySink next)
    {
        if (status == OperationStatus.InvalidData)
            throw new InvalidOperationException("the Brotli encoder has failed");
        next.Write(_out.AsSpan(0, written));
    }
}
