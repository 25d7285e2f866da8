using System.Buffers.Text;
using System.Text;

namespace Headgate.Proxy.Plugins.Redis;

/// <summary>Reads answers of RESP version 2: texts, errors, numbers, and flat lists of them, of which the first two numbers are kept. Source: redis.io, protocol specification.</summary>
internal static class RespReader
{
    /// <summary>Bytes of an answer: those to the gateway's scripts have less than 100.</summary>
    public const int BytesMax = 16_384;

    private const int ItemsMax = 16;

    /// <summary>The answer at the beginning of <paramref name="bytes"/> and how long it is; 0 = it is not whole yet.</summary>
    /// <exception cref="InvalidDataException">This is no answer that a script of the gateway's can have.</exception>
    public static int Read(ReadOnlySpan<byte> bytes, out RedisAnswer answer)
    {
        answer = default;
        if (!TryLine(bytes, out byte kind, out ReadOnlySpan<byte> line, out int length))
            return 0;
        switch (kind)
        {
            case (byte)'-':
                answer = new RedisAnswer(true, 0, 0, Encoding.Latin1.GetString(line));
                return length;
            case (byte)'*':
                return ReadList(bytes, Number(line), length, out answer);
            default:
                length = ReadItem(bytes, out long? number);
                answer = new RedisAnswer(false, number ?? 0, 0);
                return length;
        }
    }

    private static int ReadList(ReadOnlySpan<byte> bytes, long count, int at, out RedisAnswer answer)
    {
        answer = default;
        if (count > ItemsMax)
            throw new InvalidDataException("the list is too long");
        (long first, long second, int numbers) = (0, 0, 0);
        for (long i = 0; i < count; i++)
        {
            int length = ReadItem(bytes[at..], out long? number);
            if (length == 0)
                return 0;
            at += length;
            if (number is { } value && numbers++ is var place and < 2)
                (first, second) = place == 0 ? (value, second) : (first, value);
        }

        answer = new RedisAnswer(false, first, second);
        return at;
    }

    /// <summary>Length of what is no list; 0 = it is not whole yet.</summary>
    private static int ReadItem(ReadOnlySpan<byte> bytes, out long? number)
    {
        number = null;
        if (!TryLine(bytes, out byte kind, out ReadOnlySpan<byte> line, out int length))
            return 0;
        switch (kind)
        {
            case (byte)':':
                number = Number(line);
                return length;
            case (byte)'+' or (byte)'-':
                return length;
            case (byte)'$':
                long text = Number(line);
                if (text > BytesMax)
                    throw new InvalidDataException("the text is too long");
                length += text < 0 ? 0 : (int)text + 2;
                return length <= bytes.Length ? length : 0;
            default:
                throw new InvalidDataException("it is no answer of Redis");
        }
    }

    private static bool TryLine(ReadOnlySpan<byte> bytes, out byte kind, out ReadOnlySpan<byte> line, out int length)
    {
        kind = 0;
        line = default;
        length = 0;
        if (bytes.IndexOf("\r\n"u8) is not (> 0 and var end))
            return bytes is [(byte)'\r', (byte)'\n', ..] ? throw new InvalidDataException("an empty line") : false;
        kind = bytes[0];
        line = bytes[1..end];
        length = end + 2;
        return true;
    }

    private static long Number(ReadOnlySpan<byte> line) =>
        Utf8Parser.TryParse(line, out long number, out int used) && used == line.Length ? number : throw new InvalidDataException("a number is none");
}
