using System.Buffers.Binary;

namespace Headgate.Proxy.Transport.Loops.Tls;

/// <summary>
/// What a client asks for in its ClientHello (RFC 8446, 4.1.2; the same in TLS 1.2), read before TLS begins, to decide who serves the connection. Nothing is verified
/// here: the bytes stay in the socket, and the handshake judges them.
/// </summary>
internal readonly ref struct ClientHello
{
    /// <summary>Bytes that are looked at, at most: one record. Those of browsers have 500 to 2,000.</summary>
    public const int BytesMax = RecordHeaderBytes + 16_384;

    private const int RecordHeaderBytes = 5;
    private const int MessageHeaderBytes = 4;
    private const byte HandshakeRecord = 22;
    private const byte ClientHelloMessage = 1;
    private const ushort ServerNameExtension = 0;
    private const ushort ProtocolsExtension = 16;

    private ClientHello(ReadOnlySpan<byte> serverName, bool offersHttp2)
    {
        ServerName = serverName;
        OffersHttp2 = offersHttp2;
    }

    /// <summary>The host name it asks for (SNI), as sent; empty when it asks for none.</summary>
    public ReadOnlySpan<byte> ServerName { get; }

    /// <summary>Whether it offers HTTP/2 by ALPN.</summary>
    public bool OffersHttp2 { get; }

    /// <summary>Reads the first bytes of a connection. Never throws, never allocates; <paramref name="hello"/> refers to <paramref name="bytes"/>.</summary>
    public static HelloStatus Read(ReadOnlySpan<byte> bytes, out ClientHello hello)
    {
        hello = default;
        if ((bytes.Length > 0 && bytes[0] != HandshakeRecord) || (bytes.Length > 1 && bytes[1] != 3))
            return HelloStatus.Other;
        if (bytes.Length < RecordHeaderBytes + MessageHeaderBytes)
            return HelloStatus.Incomplete;

        int recordLength = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        ReadOnlySpan<byte> message = bytes[RecordHeaderBytes..];
        int messageLength = (message[1] << 16) | (message[2] << 8) | message[3];

        // One that is spread over several records is legal; no client is known to do it. It is not HTTP/2's by this look, and gets HTTP/1.1 when it offers that.
        if (message[0] != ClientHelloMessage || MessageHeaderBytes + messageLength > recordLength || recordLength > BytesMax - RecordHeaderBytes)
            return HelloStatus.Other;
        message = message[MessageHeaderBytes..];
        if (message.Length < messageLength)
            return HelloStatus.Incomplete;
        return ReadBody(message[..messageLength], out hello) ? HelloStatus.Complete : HelloStatus.Other;
    }

    private static bool ReadBody(ReadOnlySpan<byte> body, out ClientHello hello)
    {
        const int VersionAndRandom = 2 + 32;
        hello = default;
        if (body.Length < VersionAndRandom)
            return false;
        body = body[VersionAndRandom..];
        if (!TryTake(ref body, 1, out _) || !TryTake(ref body, 2, out _) || !TryTake(ref body, 1, out _))
            return false; // session, ciphers, compressions
        if (body.IsEmpty)
            return true;
        if (!TryTake(ref body, 2, out ReadOnlySpan<byte> extensions))
            return false;

        ReadOnlySpan<byte> serverName = default;
        bool offersHttp2 = false;
        while (!extensions.IsEmpty)
        {
            if (extensions.Length < 2)
                return false;
            ushort type = BinaryPrimitives.ReadUInt16BigEndian(extensions);
            extensions = extensions[2..];
            if (!TryTake(ref extensions, 2, out ReadOnlySpan<byte> content))
                return false;
            if (type == ServerNameExtension)
                serverName = ReadServerName(content);
            else if (type == ProtocolsExtension)
                offersHttp2 = Offers(content, "h2"u8);
        }

        hello = new ClientHello(serverName, offersHttp2);
        return true;
    }

    private static ReadOnlySpan<byte> ReadServerName(ReadOnlySpan<byte> content)
    {
        const byte HostName = 0;
        if (!TryTake(ref content, 2, out ReadOnlySpan<byte> names) || names.IsEmpty || names[0] != HostName)
            return default;
        names = names[1..];
        return TryTake(ref names, 2, out ReadOnlySpan<byte> name) ? name : default;
    }

    private static bool Offers(ReadOnlySpan<byte> content, ReadOnlySpan<byte> protocol)
    {
        if (!TryTake(ref content, 2, out ReadOnlySpan<byte> list))
            return false;
        while (TryTake(ref list, 1, out ReadOnlySpan<byte> offered))
        {
            if (offered.SequenceEqual(protocol))
                return true;
        }

        return false;
    }

    /// <summary>Takes a vector with a length of <paramref name="lengthBytes"/> bytes (1 or 2) in front from <paramref name="from"/>.</summary>
    private static bool TryTake(scoped ref ReadOnlySpan<byte> from, int lengthBytes, out ReadOnlySpan<byte> vector)
    {
        vector = default;
        if (from.Length < lengthBytes)
            return false;
        int length = lengthBytes == 1 ? from[0] : BinaryPrimitives.ReadUInt16BigEndian(from);
        if (from.Length - lengthBytes < length)
            return false;
        vector = from.Slice(lengthBytes, length);
        from = from[(lengthBytes + length)..];
        return true;
    }
}
