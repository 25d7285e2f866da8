using System.Buffers.Text;
using System.Text;

namespace Headgate.Proxy.Plugins.Redis;

/// <summary>Commands in the making, one behind the other, each a list of texts (RESP version 2). Keeps its memory. Not thread-safe.</summary>
internal sealed class RespWriter
{
    private byte[] _bytes = new byte[1024];

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>The commands.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, Length);

    /// <summary>Forgets what was written.</summary>
    public void Clear() => Length = 0;

    /// <summary>A command of so many texts begins; they follow.</summary>
    public void Begin(int texts) => Header((byte)'*', texts);

    /// <summary>A text of the command.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        Header((byte)'$', text.Length);
        text.CopyTo(Room(text.Length + 2));
        Length += text.Length;
        EndLine();
    }

    /// <summary>A text of the command, as UTF-8.</summary>
    public void Add(string text) => Add(Encoding.UTF8.GetBytes(text));

    /// <summary>A number of the command.</summary>
    public void Add(long number)
    {
        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(number, text, out int length);
        Add(text[..length]);
    }

    private void Header(byte kind, int number)
    {
        Room(16)[0] = kind;
        Utf8Formatter.TryFormat(number, _bytes.AsSpan(Length + 1), out int digits);
        Length += 1 + digits;
        EndLine();
    }

    private void EndLine()
    {
        "\r\n"u8.CopyTo(_bytes.AsSpan(Length));
        Length += 2;
    }

    private Span<byte> Room(int count)
    {
        if (_bytes.Length - Length < count)
            Array.Resize(ref _bytes, Math.Max(Length + count, _bytes.Length * 2));
        return _bytes.AsSpan(Length);
    }
}
