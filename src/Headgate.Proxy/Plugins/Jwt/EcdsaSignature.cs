namespace Headgate.Proxy.Plugins.Jwt;

/// <summary>
/// Writes a signature of ECDSA in the form that OpenSSL reads: two INTEGERs in a SEQUENCE (RFC 3279 §2.2.3). .NET does that too, with more than a kilobyte of garbage.
/// </summary>
internal static class EcdsaSignature
{
    /// <summary>Bytes that suffice for every curve.</summary>
    public const int BytesMax = 160;

    /// <summary>Writes the two numbers, each half of <paramref name="numbers"/>, at most 66 bytes; the result is the beginning of <paramref name="to"/>.</summary>
    public static ReadOnlySpan<byte> ToSequence(ReadOnlySpan<byte> numbers, Span<byte> to)
    {
        Span<byte> content = stackalloc byte[BytesMax];
        int length = Write(numbers[..(numbers.Length / 2)], content);
        length += Write(numbers[(numbers.Length / 2)..], content[length..]);

        int at = 0;
        to[at++] = 0x30;
        if (length > 127)
            to[at++] = 0x81; // one byte of length follows
        to[at++] = (byte)length;
        content[..length].CopyTo(to[at..]);
        return to[..(at + length)];
    }

    /// <summary>As short as it can be, with a zero before it where its first bit would make it negative.</summary>
    private static int Write(ReadOnlySpan<byte> number, Span<byte> to)
    {
        number = number.TrimStart((byte)0);
        int zeros = number.IsEmpty || number[0] > 127 ? 1 : 0;
        to[0] = 0x02;
        to[1] = (byte)(number.Length + zeros);
        to[2] = 0;
        number.CopyTo(to[(2 + zeros)..]);
        return 2 + zeros + number.Length;
    }
}
