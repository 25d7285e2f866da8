using Headgate.Proxy.Plugins.Bodies;

namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>Passes a body on as it is and takes a copy, which is kept when the body has come whole. Memory for it is set aside before it is taken.</summary>
/// <param name="zone">Where it is kept.</param>
/// <param name="body">The answer's body.</param>
/// <param name="length">Bytes of it; −1 = not known.</param>
/// <param name="bytesMax">Bytes that are kept at most.</param>
/// <param name="keep">Takes it, and the bytes set aside; null when it became too large.</param>
internal sealed class CacheRecorder(CacheZone zone, ResponseBody body, long length, int bytesMax, Action<byte[]?, long> keep) : BodyTransform
{
    private const int FirstBytes = 16_384;

    private byte[] _taken = [];
    private int _count;
    private long _reserved;
    private bool _isOver;

    /// <inheritdoc/>
    public override long LengthOf(long length) => length;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> run, BodySink next)
    {
        next.Write(run);
        if (_isOver)
            return;
        if (TryGrow((long)_count + run.Length))
        {
            run.CopyTo(_taken.AsSpan(_count));
            _count += run.Length;
            return;
        }

        Release();
        keep(null, 0);
    }

    /// <inheritdoc/>
    public override bool End(BodySink next)
    {
        if (_isOver || body.IsCut || (length >= 0 && _count != length))
            return true;
        _isOver = true;
        byte[] whole = _count == _taken.Length ? _taken : _taken.AsSpan(0, _count).ToArray();
        long reserved = _reserved;
        (_taken, _reserved) = ([], 0);
        keep(whole, reserved);
        return true;
    }

    /// <inheritdoc/>
    public override void Release()
    {
        _isOver = true;
        zone.Release(_reserved);
        (_taken, _reserved) = ([], 0);
    }

    private bool TryGrow(long count)
    {
        if (count <= _taken.Length)
            return true;
        if (count > bytesMax || (length >= 0 && count > length))
            return false;
        long size = length >= 0 ? length : Math.Min(bytesMax, Math.Max(Math.Max(FirstBytes, count), _taken.Length * 2L));
        if (!zone.TryReserve(size - _reserved))
            return false;
        _reserved = size;
        Array.Resize(ref _taken, (int)size);
        return true;
    }
}
