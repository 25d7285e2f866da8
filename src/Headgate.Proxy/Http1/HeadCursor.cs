using System.Buffers.Text;

namespace Headgate.Proxy.Http1;

/// <summary>A place in a span that a head is written to. The caller has made the span large enough; a span that is not throws.</summary>
internal ref struct HeadCursor(Span<byte> destination)
{
    private readonly Span<byte> _all = destination;

    /// <summary>Bytes written.</summary>
    internal int Length { get; private set; }

    /// <summary>Writes bytes that are known to be harmless.</summary>
    internal void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_all[Length..]);
        Length += bytes.Length;
    }

    /// <summary>Writes one byte that is known to be harmless.</summary>
    internal void Write(byte b) => _all[Length++] = b;

    /// <summary>Writes a value that comes from outside the codec; throws <see cref="ArgumentException"/> when it could break out of its line.</summary>
    internal void WriteValue(ReadOnlySpan<byte> value)
    {
        if (value.ContainsAny(ByteSets.Control))
            ThrowControl();
        Write(value);
    }

    /// <summary>Writes a line.</summary>
    /// <param name="name">Name, colon and space.</param>
    /// <param name="value">Value; checked.</param>
    internal void WriteField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Write(name);
        WriteValue(value);
        Write("\r\n"u8);
    }

    /// <summary>Writes a line with a number.</summary>
    internal void WriteField(ReadOnlySpan<byte> name, long value)
    {
        Write(name);
        WriteNumber(value);
        Write("\r\n"u8);
    }

    /// <summary>Writes a number in decimal.</summary>
    internal void WriteNumber(long value)
    {
        if (!Utf8Formatter.TryFormat(value, _all[Length..], out int written))
            ThrowSmall();
        Length += written;
    }

    private static void ThrowControl() => throw new ArgumentException("A header value made by the gateway has a control byte; it was not written.");

    private static void ThrowSmall() => throw new ArgumentException("The destination of a head is smaller than its SizeMax.");
}
