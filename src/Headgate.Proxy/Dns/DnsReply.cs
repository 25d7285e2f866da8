using System.Net;

namespace Headgate.Proxy.Dns;

/// <summary>A message with an answer.</summary>
/// <param name="Id">The question's number.</param>
/// <param name="Code">How the server answered.</param>
/// <param name="IsTruncated">The answer did not fit: to be asked for by TCP. Nothing but the question was read then.</param>
/// <param name="Question">The question it answers; null where the server did not even understand it.</param>
/// <param name="Answers">The records of the answer, of known types, in their order.</param>
/// <param name="Zone">The zone that says so, in a negative answer; null when none is named.</param>
/// <param name="IsReferral">No answer: the server names others that should know.</param>
internal sealed record DnsReply(
    ushort Id, DnsCode Code, bool IsTruncated, DnsQuestion? Question, IReadOnlyList<DnsRecord> Answers, ZoneRecord? Zone, bool IsReferral)
{
    private const ushort ResponseFlag = 0x8000;
    private const ushort OperationBits = 0x7800;
    private const ushort AuthoritativeFlag = 0x0400;
    private const ushort TruncatedFlag = 0x0200;
    private const ushort CodeBits = 0x000F;
    private const ushort ClassInternet = 1;

    /// <summary>
    /// Whether the message answers this question: its number, and the question repeated. Any other may be late, or somebody's attempt to put in an answer of their own
    /// (RFC 5452). Never throws.
    /// </summary>
    public static bool Fits(ReadOnlySpan<byte> message, ushort id, DnsQuestion question)
    {
        try
        {
            var reader = new DnsReader(message);
            (ushort givenId, DnsCode code, _, DnsQuestion? repeated) = ReadHead(ref reader, out _);
            return givenId == id && (repeated == question || (repeated is null && code is DnsCode.FormatError or DnsCode.NotImplemented));
        }
        catch (DnsException)
        {
            return false;
        }
    }

    /// <summary>Reads a message whole. Bytes after its last record are left alone.</summary>
    /// <exception cref="DnsException">It is malformed; says where.</exception>
    public static DnsReply Read(ReadOnlySpan<byte> message)
    {
        var reader = new DnsReader(message);
        (ushort id, DnsCode code, ushort flags, DnsQuestion? question) = ReadHead(ref reader, out RecordCounts counts);
        if ((flags & TruncatedFlag) != 0)
            return new DnsReply(id, code, IsTruncated: true, question, [], null, IsReferral: false);

        var answers = new List<DnsRecord>();
        for (int i = 0; i < counts.Answers; i++)
        {
            if (ReadRecord(ref reader, out _, out _) is { } record)
                answers.Add(record);
        }

        ZoneRecord? zone = null;
        bool namesServers = false;
        for (int i = 0; i < counts.Authority; i++)
        {
            zone = ReadRecord(ref reader, out DnsType type, out _) as ZoneRecord ?? zone;
            namesServers |= type == DnsType.Ns;
        }

        for (int i = 0; i < counts.Additional; i++)
        {
            _ = ReadRecord(ref reader, out DnsType type, out uint ttl);
            if (type == DnsType.Opt)
                code = (DnsCode)((int)code | (int)(ttl >> 24 << 4));
        }

        bool isReferral = code == DnsCode.NoError && answers.Count == 0 && zone is null && namesServers && (flags & AuthoritativeFlag) == 0;
        return new DnsReply(id, code, IsTruncated: false, question, answers, zone, isReferral);
    }

    private static (ushort Id, DnsCode Code, ushort Flags, DnsQuestion? Question) ReadHead(ref DnsReader reader, out RecordCounts counts)
    {
        ushort id = reader.ReadUInt16();
        ushort flags = reader.ReadUInt16();
        ushort questions = reader.ReadUInt16();
        counts = new RecordCounts(reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt16());
        if ((flags & ResponseFlag) == 0 || (flags & OperationBits) != 0 || questions > 1)
            throw new DnsException($"the message is no answer to a question (flags 0x{flags:x4}, {questions} questions)");
        DnsQuestion? question = null;
        if (questions == 1)
        {
            question = new DnsQuestion(reader.ReadName(), (DnsType)reader.ReadUInt16());
            if (reader.ReadUInt16() is not ClassInternet and ushort other)
                throw new DnsException($"the question repeated is of class {other}; 1 was asked for");
        }

        return (id, (DnsCode)(flags & CodeBits), flags, question);
    }

    /// <summary>Reads a record; null when it is of another class or of a type that is of no interest.</summary>
    private static DnsRecord? ReadRecord(ref DnsReader reader, out DnsType type, out uint rawTtl)
    {
        string owner = reader.ReadName();
        type = (DnsType)reader.ReadUInt16();
        bool isInternet = reader.ReadUInt16() == ClassInternet;
        rawTtl = reader.ReadUInt32();
        int length = reader.ReadUInt16();
        int end = reader.Position + length;
        int ttl = Seconds(rawTtl);
        DnsRecord? record = null;
        switch (isInternet ? type : 0)
        {
            case DnsType.A when length == 4:
            case DnsType.Aaaa when length == 16:
                record = new AddressRecord(owner, ttl, new IPAddress(reader.ReadBytes(length)));
                break;
            case DnsType.Cname:
                record = new AliasRecord(owner, ttl, reader.ReadName());
                break;
            case DnsType.Srv:
                record = new ServiceRecord(owner, ttl, reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadName());
                break;
            case DnsType.Soa:
                _ = reader.ReadName();
                _ = reader.ReadName();
                _ = reader.ReadBytes(4 * sizeof(uint));
                record = new ZoneRecord(owner, ttl, Seconds(reader.ReadUInt32()));
                break;
            case DnsType.A or DnsType.Aaaa:
                break;
            default:
                _ = reader.ReadBytes(length);
                break;
        }

        return reader.Position == end ? record : throw new DnsException($"a record of type {type} of \"{owner}\" has {length} bytes of data, which such a record cannot have");
    }

    /// <summary>A TTL whose first bit is set counts as 0 (RFC 2181 §8).</summary>
    private static int Seconds(uint raw) => raw > int.MaxValue ? 0 : (int)raw;

    private readonly record struct RecordCounts(ushort Answers, ushort Authority, ushort Additional);
}
