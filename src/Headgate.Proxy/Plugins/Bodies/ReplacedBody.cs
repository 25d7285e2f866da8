namespace Headgate.Proxy.Plugins.Bodies;

/// <summary>Another body in place of the answer's, of which nothing is read.</summary>
internal sealed class ReplacedBody : BodyTransform
{
    private ReadOnlyMemory<byte> _left;

    /// <inheritdoc/>
    public override bool NeedsMore => false;

    /// <summary>Begins with another body.</summary>
    public void Begin(ReadOnlyMemory<byte> body) => _left = body;

    /// <inheritdoc/>
    public override long LengthOf(long length) => _left.Length;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> run, BodySink next)
    {
    }

    /// <inheritdoc/>
    public override bool End(BodySink next) => ResponseBody.PassPiece(ref _left, next);

    /// <inheritdoc/>
    public override void Release() => _left = default;
}
