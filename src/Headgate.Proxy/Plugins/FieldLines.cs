using System.Text;
using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Plugins;

/// <summary>Header lines in the making, each <c>name: value</c> with its CRLF. Keeps its memory from request to request. Not thread-safe.</summary>
internal sealed class FieldLines
{
    private byte[] _bytes = [];

    /// <summary>Bytes of all lines.</summary>
    public int Length { get; private set; }

    /// <summary>The lines.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Forgets all lines.</summary>
    public void Clear() => Length = 0;

    /// <summary>Forgets what was added since <see cref="Length"/> was <paramref name="length"/>; what was removed since stays so.</summary>
    public void Truncate(int length) => Length = Math.Min(Length, length);

    /// <summary>Adds a line.</summary>
    /// <exception cref="ArgumentException">The name is no token, or the value has a control character: it could begin a line of its own.</exception>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.IsEmpty || name.ContainsAnyExcept(ByteSets.Token))
            throw new ArgumentException($"\"{Encoding.Latin1.GetString(name)}\" is no name of a header field");
        if (value.ContainsAny(ByteSets.Control))
            throw new ArgumentException($"the value of {Encoding.Latin1.GetString(name)} has a control character");
        int length = Length + name.Length + value.Length + ": \r\n".Length;
        if (length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(256, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)length)));
        HeadCursor to = new(_bytes.AsSpan(Length));
        to.Write(name);
        to.Write(": "u8);
        to.Write(value);
        to.Write("\r\n"u8);
        Length = length;
    }

    /// <summary>The first value of a name, which is compared without regard to case.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        for (int start = 0; start < Length; start = EndOf(start))
        {
            if (!IsNamed(start, name))
                continue;
            value = _bytes.AsSpan(start..(EndOf(start) - "\r\n".Length))[(name.Length + ": ".Length)..];
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Takes all lines of a name out.</summary>
    public void Remove(ReadOnlySpan<byte> name)
    {
        for (int start = 0; start < Length;)
        {
            int end = EndOf(start);
            if (IsNamed(start, name))
            {
                _bytes.AsSpan(end..Length).CopyTo(_bytes.AsSpan(start));
                Length -= end - start;
            }
            else
            {
                start = end;
            }
        }
    }

    private int EndOf(int start) => start + _bytes.AsSpan(start..Length).IndexOf((byte)'\n') + 1;

    private bool IsNamed(int start, ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> rest = _bytes.AsSpan(start..Length);
        return rest.Length > name.Length && rest[name.Length] == ':' && Ascii.EqualsIgnoreCase(rest[..name.Length], name);
    }
}
