using System.Buffers.Binary;

namespace Headgate.Proxy.Dns;

/// <summary>Writes the message that asks a question.</summary>
internal static class DnsQuery
{
    /// <summary>Longest message.</summary>
    public const int BytesMax = HeaderBytes + DnsName.WireBytesMax + QuestionTailBytes + OptBytes;

    /// <summary>
    /// Bytes of an answer that a server may send in one datagram: fits every path's packets, so that no answer arrives in fragments, which can be lost or forged (DNS flag day 2020).
    /// </summary>
    public const int DatagramBytesMax = 1232;

    private const int HeaderBytes = 12;
    private const int QuestionTailBytes = 4;
    private const int OptBytes = 11;
    private const ushort RecursionDesired = 0x0100;
    private const ushort ClassInternet = 1;

    /// <summary>Writes it; <paramref name="edns"/>: with what this side can take (RFC 6891).</summary>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> target, ushort id, DnsQuestion question, bool edns)
    {
        target[..HeaderBytes].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(target, id);
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], RecursionDesired);
        BinaryPrimitives.WriteUInt16BigEndian(target[4..], 1);
        BinaryPrimitives.WriteUInt16BigEndian(target[10..], edns ? (ushort)1 : (ushort)0);
        int end = HeaderBytes + DnsName.Write(target[HeaderBytes..], question.Name);
        BinaryPrimitives.WriteUInt16BigEndian(target[end..], (ushort)question.Type);
        BinaryPrimitives.WriteUInt16BigEndian(target[(end + 2)..], ClassInternet);
        end += QuestionTailBytes;
        if (!edns)
            return end;

        // The root's name, the type, what stands for a class, for a TTL (version 0, no flags), and no options.
        Span<byte> opt = target.Slice(end, OptBytes);
        opt.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(opt[1..], (ushort)DnsType.Opt);
        BinaryPrimitives.WriteUInt16BigEndian(opt[3..], DatagramBytesMax);
        return end + OptBytes;
    }
}
