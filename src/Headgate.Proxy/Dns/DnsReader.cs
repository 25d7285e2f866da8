using System.Buffers.Binary;
using System.Globalization;

namespace Headgate.Proxy.Dns;

/// <summary>
/// Reads a message from its beginning to its end and nothing outside it; what is not there is a <see cref="DnsException"/>.
/// </summary>
internal ref struct DnsReader(ReadOnlySpan<byte> message)
{
    /// <summary>Pointers followed within one name; each must lead further back, so this only bounds the work that a message makes.</summary>
    private const int PointersMax = 126;

    private readonly ReadOnlySpan<byte> _message = message;

    /// <summary>Where it reads next.</summary>
    public int Position { get; private set; }

    /// <summary>Two bytes.</summary>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(ReadBytes(sizeof(ushort)));

    /// <summary>Four bytes.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(ReadBytes(sizeof(uint)));

    /// <summary>The next <paramref name="count"/> bytes, within the message.</summary>
    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if (count > _message.Length - Position)
            throw new DnsException($"the message ends at byte {_message.Length}, within something that needs {count} bytes from {Position}");
        ReadOnlySpan<byte> bytes = _message.Slice(Position, count);
        Position += count;
        return bytes;
    }

    /// <summary>A name, compressed or not (RFC 1035 §4.1.4). A pointer has to lead to before all of the name that was read so far, which no loop can.</summary>
    public string ReadName()
    {
        Span<char> text = stackalloc char[DnsName.TextMax];
        int length = 0;
        int wireBytes = 1;
        int lowest = Position;
        int after = -1;
        int pointers = 0;
        while (true)
        {
            int head = ReadBytes(1)[0];
            if (head == 0)
                break;
            if (head >= 0xC0)
            {
                int target = ((head & 0x3F) << 8) | ReadBytes(1)[0];
                after = after < 0 ? Position : after;
                if (target >= lowest || ++pointers > PointersMax)
                    throw new DnsException($"a compressed name leads from byte {Position - 2} to {target}, which is not before its beginning");
                Position = lowest = target;
                continue;
            }

            wireBytes += head + 1;
            if (head > DnsName.LabelBytesMax || wireBytes > DnsName.WireBytesMax)
                throw new DnsException($"a name at byte {Position - 1} has a part or a length that no name may have");
            if (length > 0)
                text[length++] = '.';
            foreach (byte b in ReadBytes(head))
                length += WriteByte(text[length..], b);
        }

        Position = after < 0 ? Position : after;
        return new string(text[..length]);
    }

    private static int WriteByte(Span<char> text, byte b)
    {
        if (b is > (byte)' ' and <= (byte)'~' and not (byte)'.' and not (byte)'\\')
        {
            text[0] = char.ToLowerInvariant((char)b);
            return 1;
        }

        text[0] = '\\';
        _ = b.TryFormat(text[1..], out _, "D3", CultureInfo.InvariantCulture);
        return 4;
    }
}
