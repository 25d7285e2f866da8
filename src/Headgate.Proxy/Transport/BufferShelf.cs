namespace Headgate.Proxy.Transport;

/// <summary>Unused buffers of one size, last in first out, up to a bound. Thread-safe.</summary>
internal sealed class BufferShelf(int bufferBytes, int countMax)
{
    private readonly Lock _gate = new();
    private readonly byte[]?[] _buffers = new byte[]?[countMax];
    private int _count;

    /// <summary>An unused buffer, else a new one.</summary>
    public byte[] Take()
    {
        lock (_gate)
        {
            if (_count > 0)
            {
                byte[] buffer = _buffers[--_count]!;
                _buffers[_count] = null;
                return buffer;
            }
        }

        return GC.AllocateUninitializedArray<byte>(bufferBytes);
    }

    /// <summary>Keeps the buffer, or drops it when there are enough.</summary>
    public void Put(byte[] buffer)
    {
        lock (_gate)
        {
            if (_count < _buffers.Length)
            {
                _buffers[_count++] = buffer;
            }
        }
    }
}
