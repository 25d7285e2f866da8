using Headgate.Proxy.Plugins.Bodies;

namespace Headgate.Proxy.Plugins.Loggers;

/// <summary>Keeps the beginning of an answer's body, and passes all of it on as it is.</summary>
internal sealed class CopyingTransform : BodyTransform
{
    private readonly BodyBeginning _kept = new();

    /// <summary>What was kept.</summary>
    public ReadOnlyMemory<byte> Bytes => _kept.Bytes;

    /// <summary>A body begins.</summary>
    public void Begin(int bytesMax) => _kept.Begin(bytesMax);

    /// <inheritdoc/>
    public override long LengthOf(long length) => length;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> run, BodySink next)
    {
        _kept.Add(run);
        next.Write(run);
    }

    /// <summary>Gives the memory back.</summary>
    public void Clear() => _kept.Clear();
}
