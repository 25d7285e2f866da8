using Headgate.Proxy.Plugins.Bodies;

namespace Headgate.Proxy.Plugins.Echo;

/// <summary>A body with text in front of it and behind it.</summary>
internal sealed class SurroundedBody(byte[] before, byte[] after, TransformPool<SurroundedBody> pool) : BodyTransform
{
    private ReadOnlyMemory<byte> _before = before;
    private ReadOnlyMemory<byte> _after = after;

    /// <inheritdoc/>
    public override long LengthOf(long length) => length < 0 ? -1 : before.Length + length + after.Length;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> run, BodySink next)
    {
        next.Write(_before.Span);
        _before = default;
        next.Write(run);
    }

    /// <inheritdoc/>
    public override bool End(BodySink next) => ResponseBody.PassPiece(ref _before, next) && ResponseBody.PassPiece(ref _after, next);

    /// <inheritdoc/>
    public override void Release()
    {
        (_before, _after) = (before, after);
        pool.Return(this);
    }
}
