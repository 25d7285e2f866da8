using System.Buffers.Binary;
using System.Text;

namespace Headgate.Proxy.Probes;

/// <summary>
/// The two messages of <c>grpc.health.v1.Health/Check</c>, behind gRPC's five bytes of framing: <c>HealthCheckRequest { string service = 1; }</c> and
/// <c>HealthCheckResponse { ServingStatus status = 1; }</c>.
/// </summary>
internal static class GrpcHealthMessages
{
    private const int PrefixBytes = 5; // compressed or not, length
    private const byte ServiceTag = 0x0A; // field 1, with a length
    private const int StatusTag = 0x08; // field 1, a number

    /// <summary>The request for a service; empty = the server as a whole.</summary>
    public static byte[] Request(string service)
    {
        byte[] name = Encoding.UTF8.GetBytes(service);
        using var bytes = new MemoryStream();
        bytes.Write(stackalloc byte[PrefixBytes]);
        if (name.Length > 0)
        {
            bytes.WriteByte(ServiceTag);
            for (uint left = (uint)name.Length; ; left >>= 7)
            {
                bytes.WriteByte((byte)(left > 0x7F ? (left & 0x7F) | 0x80 : left));
                if (left <= 0x7F)
                    break;
            }

            bytes.Write(name);
        }

        byte[] request = bytes.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(1), request.Length - PrefixBytes);
        return request;
    }

    /// <summary>The serving status in an answer's body; false when that is no such message. A field that is not known is passed over, as Protocol Buffers want it.</summary>
    public static bool TryReadAnswer(ReadOnlySpan<byte> body, out GrpcServingStatus status)
    {
        status = GrpcServingStatus.Unknown; // an absent field is 0
        if (body.Length < PrefixBytes || body[0] != 0 || BinaryPrimitives.ReadUInt32BigEndian(body[1..]) != body.Length - PrefixBytes)
            return false;

        for (ReadOnlySpan<byte> message = body[PrefixBytes..]; !message.IsEmpty;)
        {
            if (!TryReadNumber(ref message, out ulong tag) || !TryReadField(ref message, (int)(tag & 7), out ulong number))
                return false;
            if (tag == StatusTag)
                status = (GrpcServingStatus)(int)number;
        }

        return true;
    }

    private static bool TryReadField(ref ReadOnlySpan<byte> message, int wireType, out ulong number)
    {
        number = 0;
        switch (wireType)
        {
            case 0:
                return TryReadNumber(ref message, out number);
            case 1:
                return TrySkip(ref message, 8);
            case 2:
                return TryReadNumber(ref message, out ulong length) && TrySkip(ref message, length);
            case 5:
                return TrySkip(ref message, 4);
            default:
                return false;
        }
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> message, ulong count)
    {
        if (count > (ulong)message.Length)
            return false;
        message = message[(int)count..];
        return true;
    }

    private static bool TryReadNumber(ref ReadOnlySpan<byte> message, out ulong number)
    {
        number = 0;
        for (int i = 0; i < message.Length && i < 10; i++)
        {
            number |= (ulong)(message[i] & 0x7F) << (7 * i);
            if (message[i] > 0x7F)
                continue;
            message = message[(i + 1)..];
            return true;
        }

        return false;
    }
}
