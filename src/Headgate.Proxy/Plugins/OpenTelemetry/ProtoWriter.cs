using System.Buffers.Binary;
using System.Text.Unicode;

namespace Headgate.Proxy.Plugins.OpenTelemetry;

/// <summary>Writes messages of Protocol Buffers into a span; what does not fit is left out, and said so. Source: protobuf.dev, Encoding.</summary>
internal ref struct ProtoWriter
{
    // A message's length is written behind its content, in as many bytes as are kept free for it: readers take numbers that are longer than they need be.
    private const int LengthBytes = 3;
    private const int TextMax = 4096;

    private readonly Span<byte> _to;

    public ProtoWriter(Span<byte> to) => _to = to;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Whether something did not fit: nothing that was written is of use.</summary>
    public bool HasOverrun { get; private set; }

    /// <summary>Bytes that a number takes.</summary>
    public static int SizeOf(ulong number)
    {
        int size = 1;
        for (; number > 127; number >>= 7)
            size++;
        return size;
    }

    /// <summary>A whole number.</summary>
    public void Number(int field, ulong value)
    {
        Varint((ulong)field << 3);
        Varint(value);
    }

    /// <summary>Eight bytes.</summary>
    public void Fixed(int field, ulong value)
    {
        Varint(((ulong)field << 3) | 1);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Raw(bytes);
    }

    /// <summary>Bytes.</summary>
    public void Bytes(int field, scoped ReadOnlySpan<byte> value)
    {
        Head(field, value.Length);
        Raw(value);
    }

    /// <summary>A text that others have sent: cut off after 4096 bytes, and without what is not ASCII when it is no UTF-8.</summary>
    public void Text(int field, scoped ReadOnlySpan<byte> value)
    {
        value = value[..Math.Min(value.Length, TextMax)];
        Bytes(field, value);
        if (HasOverrun || Utf8.IsValid(value))
            return;
        foreach (ref byte each in _to[(Length - value.Length)..Length])
        {
            if (each > 127)
                each = (byte)'?';
        }
    }

    /// <summary>A text of the configuration; cut off likewise.</summary>
    public void Text(int field, string value)
    {
        Span<byte> bytes = stackalloc byte[TextMax];
        Utf8.FromUtf16(value, bytes, out _, out int written);
        Bytes(field, bytes[..written]);
    }

    /// <summary>A message begins; what is returned is for <see cref="End"/>.</summary>
    public int Begin(int field)
    {
        Varint(((ulong)field << 3) | 2);
        int at = Length;
        Raw([0, 0, 0]);
        return at;
    }

    /// <summary>The message that began last, of those that did not end, ends.</summary>
    public void End(int begun)
    {
        if (HasOverrun)
            return;
        int length = Length - begun - LengthBytes;
        (_to[begun], _to[begun + 1], _to[begun + 2]) = ((byte)(length | 128), (byte)((length >> 7) | 128), (byte)(length >> 14));
    }

    /// <summary>What stands before <paramref name="length"/> bytes of a message.</summary>
    public void Head(int field, int length)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)length);
    }

    /// <summary>Bytes as they are.</summary>
    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.TryCopyTo(_to[Length..]))
            Length += bytes.Length;
        else
            HasOverrun = true;
    }

    private void Varint(ulong value)
    {
        for (; value > 127; value >>= 7)
            Raw([(byte)(value | 128)]);
        Raw([(byte)value]);
    }
}
