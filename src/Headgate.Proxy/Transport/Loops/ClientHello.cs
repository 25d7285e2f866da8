using System.Buffers.Binary;

namespace Headgate.Proxy.Transport.Loops;

/// <summary>
/// What the first message of a TLS client says before anyone has taken it from the socket: which application protocols it offers, and for which server
/// (RFC 8446 §4.1.2, RFC 7301, RFC 6066 §3). Reads the one record that clients put it in; every length is checked against what encloses it. Looks at each byte
/// at most once and only when the whole record is there, allocates nothing, never throws.
/// </summary>
internal readonly struct ClientHello
{
    /// <summary>Bytes that are needed at most: a record's header and the largest plain record (RFC 8446 §5.1).</summary>
    public const int BytesMax = RecordHeaderBytes + RecordBytesMax;

    private const int RecordHeaderBytes = 5;
    private const int RecordBytesMax = 16_384;
    private const int MessageHeaderBytes = 4;
    private const byte HandshakeRecord = 22;
    private const byte VersionMajor = 3;
    private const byte ClientHelloMessage = 1;
    private const int RandomBytes = 32;
    private const int SessionIdBytesMax = 32;
    private const int ServerNameExtension = 0;
    private const int ProtocolsExtension = 16;
    private const byte HostNameType = 0;
    private const int HostNameBytesMax = 255;

    /// <summary>How far the look came. Everything else is empty unless it is <see cref="ClientHelloStatus.Complete"/>.</summary>
    public ClientHelloStatus Status { get; private init; }

    /// <summary>Whether the client names application protocols at all (ALPN).</summary>
    public bool OffersProtocols { get; private init; }

    /// <summary>Whether <c>h2</c> is among them.</summary>
    public bool OffersHttp2 { get; private init; }

    /// <summary>Whether <c>http/1.1</c> is among them.</summary>
    public bool OffersHttp11 { get; private init; }

    /// <summary>Where the server's name stands in the bytes that were read, as the client wrote it, 1 to 255 bytes without NUL; empty = it names none.</summary>
    public Range ServerName { get; private init; }

    private static ClientHello NeedMore => default;

    private static ClientHello Unreadable => new() { Status = ClientHelloStatus.Unreadable };

    /// <summary>Reads the first bytes that a client sent; what follows the first record is not looked at.</summary>
    public static ClientHello Read(ReadOnlySpan<byte> received)
    {
        // The start is judged byte by byte as it comes, so that what is no TLS is known at once; all lengths below lie inside the record then.
        if (received.Length > 0 && received[0] != HandshakeRecord)
            return Unreadable;
        if (received.Length > 1 && received[1] != VersionMajor)
            return Unreadable;
        if (received.Length < RecordHeaderBytes)
            return NeedMore;
        int recordBytes = BinaryPrimitives.ReadUInt16BigEndian(received[3..]);
        if (recordBytes is < MessageHeaderBytes or > RecordBytesMax)
            return Unreadable;
        if (received.Length > RecordHeaderBytes && received[RecordHeaderBytes] != ClientHelloMessage)
            return Unreadable;
        if (received.Length < RecordHeaderBytes + MessageHeaderBytes)
            return NeedMore;
        int messageBytes = BinaryPrimitives.ReadInt32BigEndian(received[RecordHeaderBytes..]) & 0xFF_FFFF;
        if (messageBytes != recordBytes - MessageHeaderBytes)
            return Unreadable;
        return received.Length < RecordHeaderBytes + recordBytes
            ? NeedMore
            : ReadMessage(received, received.Slice(RecordHeaderBytes + MessageHeaderBytes, messageBytes));
    }

    private static ClientHello ReadMessage(ReadOnlySpan<byte> received, ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 2 + RandomBytes || rest[0] != VersionMajor)
            return Unreadable;
        rest = rest[(2 + RandomBytes)..];
        if (!TryTake(ref rest, 1, out ReadOnlySpan<byte> sessionId) || sessionId.Length > SessionIdBytesMax)
            return Unreadable;
        if (!TryTake(ref rest, 2, out ReadOnlySpan<byte> ciphers) || ciphers.IsEmpty || ciphers.Length % 2 != 0)
            return Unreadable;
        if (!TryTake(ref rest, 1, out ReadOnlySpan<byte> compressions) || compressions.IsEmpty)
            return Unreadable;
        if (rest.IsEmpty)
            return new ClientHello { Status = ClientHelloStatus.Complete }; // before TLS 1.3 extensions may be missing
        return TryTake(ref rest, 2, out ReadOnlySpan<byte> extensions) && rest.IsEmpty ? ReadExtensions(received, extensions) : Unreadable;
    }

    private static ClientHello ReadExtensions(ReadOnlySpan<byte> received, ReadOnlySpan<byte> rest)
    {
        Range serverName = default;
        (bool named, bool offers, bool http2, bool http11) = (false, false, false, false);
        while (!rest.IsEmpty)
        {
            if (rest.Length < 2)
                return Unreadable;
            int type = BinaryPrimitives.ReadUInt16BigEndian(rest);
            rest = rest[2..];
            if (!TryTake(ref rest, 2, out ReadOnlySpan<byte> body))
                return Unreadable;
            switch (type)
            {
                // Twice the same is forbidden (RFC 8446 §4.2), and what one reader takes from it another would not.
                case ServerNameExtension when named || !TryReadName(received, body, out serverName):
                case ProtocolsExtension when offers || !TryReadProtocols(body, out http2, out http11):
                    return Unreadable;
                case ServerNameExtension:
                    named = true;
                    break;
                case ProtocolsExtension:
                    offers = true;
                    break;
            }
        }

        return new ClientHello
        {
            Status = ClientHelloStatus.Complete,
            OffersProtocols = offers,
            OffersHttp2 = http2,
            OffersHttp11 = http11,
            ServerName = serverName,
        };
    }

    /// <summary>A list of names, of which only one kind was ever defined, and of that only one is allowed.</summary>
    private static bool TryReadName(ReadOnlySpan<byte> received, ReadOnlySpan<byte> body, out Range name)
    {
        name = default;
        if (!TryTake(ref body, 2, out ReadOnlySpan<byte> list) || !body.IsEmpty || list.IsEmpty || list[0] != HostNameType)
            return false;
        list = list[1..];
        if (!TryTake(ref list, 2, out ReadOnlySpan<byte> host) || !list.IsEmpty || host.Length is 0 or > HostNameBytesMax || host.Contains((byte)0))
            return false;
        received.Overlaps(host, out int start);
        name = start..(start + host.Length);
        return true;
    }

    private static bool TryReadProtocols(ReadOnlySpan<byte> body, out bool http2, out bool http11)
    {
        (http2, http11) = (false, false);
        if (!TryTake(ref body, 2, out ReadOnlySpan<byte> list) || !body.IsEmpty || list.IsEmpty)
            return false;
        while (!list.IsEmpty)
        {
            if (!TryTake(ref list, 1, out ReadOnlySpan<byte> protocol) || protocol.IsEmpty)
                return false;
            http2 |= protocol.SequenceEqual("h2"u8);
            http11 |= protocol.SequenceEqual("http/1.1"u8);
        }

        return true;
    }

    /// <summary>Takes a vector with a length of <paramref name="lengthBytes"/> (1 or 2) bytes from the front of <paramref name="rest"/>; false when it is not all there.</summary>
    private static bool TryTake(ref ReadOnlySpan<byte> rest, int lengthBytes, out ReadOnlySpan<byte> vector)
    {
        vector = default;
        if (rest.Length < lengthBytes)
            return false;
        int length = lengthBytes == 1 ? rest[0] : BinaryPrimitives.ReadUInt16BigEndian(rest);
        if (rest.Length - lengthBytes < length)
            return false;
        vector = rest.Slice(lengthBytes, length);
        rest = rest[(lengthBytes + length)..];
        return true;
    }
}
