using System.Buffers;

namespace Headgate.Proxy;

/// <summary>
/// Keeps the beginning of a request body that was sent to a node, so that another node can be tried. What is longer than the upstream's limit is not kept,
/// and such a request is not tried again once sending began. What plugins have read of a body is kept here before any node has it.
/// </summary>
public sealed class BodyReplay
{
    private byte[]? _buffer;
    private int _length;

    /// <summary>Whether all that was sent so far is here.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>Number of <see cref="Bytes"/>.</summary>
    public int Length => _length;

    /// <summary>What was sent so far; meaningless unless <see cref="IsWhole"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>As <see cref="Bytes"/>; valid until <see cref="Clear"/>.</summary>
    internal ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);

    /// <summary>Keeps a run that is about to be sent, or gives up keeping when there would be more than <paramref name="bytesMax"/>; 0 = nothing is kept.</summary>
    public void Add(ReadOnlySpan<byte> run, int bytesMax)
    {
        if (!IsWhole)
            return;
        if (bytesMax == 0 || run.Length > bytesMax - _length)
        {
            Release();
            IsWhole = false;
            return;
        }

        if (_buffer is null || _buffer.Length < _length + run.Length)
            Grow(_length + run.Length);
        run.CopyTo(_buffer.AsSpan(_length));
        _length += run.Length;
    }

    /// <summary>Forgets all and gives the buffer back.</summary>
    public void Clear()
    {
        Release();
        IsWhole = true;
    }

    private void Grow(int length)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(length);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer is not null)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private void Release()
    {
        _length = 0;
        if (_buffer is null)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }
}
