using System.Buffers;

namespace Headgate.Proxy.Plugins.Loggers;

/// <summary>The first bytes of a body, up to a number, in rented memory. Not thread-safe.</summary>
internal sealed class BodyBeginning
{
    private byte[] _bytes = [];
    private int _length;
    private int _bytesMax;

    /// <summary>What was kept, without the first bytes of a character that does not end in it.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length < _bytesMax ? _length : WholeCharacters());

    /// <summary>A body begins.</summary>
    public void Begin(int bytesMax) => (_length, _bytesMax) = (0, bytesMax);

    /// <summary>Keeps a run, as far as it is wanted.</summary>
    public void Add(ReadOnlySpan<byte> run)
    {
        run = run[..Math.Min(run.Length, _bytesMax - _length)];
        if (_bytes.Length - _length < run.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_length + run.Length);
            _bytes.AsSpan(0, _length).CopyTo(larger);
            GiveBack();
            _bytes = larger;
        }

        run.CopyTo(_bytes.AsSpan(_length));
        _length += run.Length;
    }

    /// <summary>Gives the memory back.</summary>
    public void Clear()
    {
        GiveBack();
        (_bytes, _length) = ([], 0);
    }

    private int WholeCharacters()
    {
        int end = _length;
        while (end > 0 && _length - end < 4 && (_bytes[end - 1] & 0xC0) == 0x80)
            end--;
        if (end == 0 || _bytes[end - 1] < 0xC0)
            return _length;
        int needed = _bytes[end - 1] >= 0xF0 ? 4 : _bytes[end - 1] >= 0xE0 ? 3 : 2;
        return _length - end + 1 < needed ? end - 1 : _length;
    }

    private void GiveBack()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
    }
}
