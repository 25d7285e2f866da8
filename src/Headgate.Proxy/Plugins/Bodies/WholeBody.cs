using System.Buffers;

namespace Headgate.Proxy.Plugins.Bodies;

/// <summary>
/// A <see cref="BodyTransform"/> that has to see the body as a whole: keeps it up to a number of bytes, and changes it when it is complete. What is above that number is left out, as in
/// APISIX.
/// </summary>
/// <param name="bytesMax">What is kept at most, at least 1.</param>
public abstract class WholeBody(int bytesMax) : BodyTransform
{
    private const int FirstBytes = 16_384;

    private byte[] _kept = [];
    private int _length;
    private bool _isChanged;
    private ReadOnlyMemory<byte> _left;

    /// <inheritdoc/>
    public sealed override bool NeedsMore => _length < bytesMax;

    /// <summary>Makes the new body. Valid until <see cref="BodyTransform.Release"/>; <paramref name="body"/> itself may be given back.</summary>
    protected abstract ReadOnlyMemory<byte> Change(ReadOnlyMemory<byte> body);

    /// <inheritdoc/>
    public sealed override void Write(ReadOnlySpan<byte> run, BodySink next)
    {
        run = run[..Math.Min(run.Length, bytesMax - _length)];
        if (_kept.Length - _length < run.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(FirstBytes, _length + run.Length), (int)Math.Min(_kept.Length * 2L, Array.MaxLength)));
            _kept.AsSpan(0, _length).CopyTo(larger);
            GiveBack();
            _kept = larger;
        }

        run.CopyTo(_kept.AsSpan(_length));
        _length += run.Length;
    }

    /// <inheritdoc/>
    public sealed override bool End(BodySink next)
    {
        if (!_isChanged)
            _left = Change(_kept.AsMemory(0, _length));
        _isChanged = true;
        return ResponseBody.PassPiece(ref _left, next);
    }

    /// <inheritdoc/>
    public override void Release()
    {
        GiveBack();
        (_kept, _length, _isChanged, _left) = ([], 0, false, default);
    }

    private void GiveBack()
    {
        if (_kept.Length > 0)
            ArrayPool<byte>.Shared.Return(_kept);
    }
}
