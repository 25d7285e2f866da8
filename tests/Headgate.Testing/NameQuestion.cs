using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Headgate.Testing;

/// <summary>A question that a <see cref="ScriptedNameServer"/> was asked, and messages that answer it. Written against RFC 1035 by itself, so that it shares no mistake with the resolver.</summary>
/// <param name="Message">The bytes that came.</param>
/// <param name="Client">Who asked; null by TCP.</param>
public sealed record NameQuestion(byte[] Message, IPEndPoint? Client)
{
    /// <summary>Where the question's name begins.</summary>
    public const int NameAt = 12;

    /// <summary>The number to repeat.</summary>
    public ushort Id => BinaryPrimitives.ReadUInt16BigEndian(Message);

    /// <summary>The name asked for, as it came.</summary>
    public string Name
    {
        get
        {
            var labels = new List<string>();
            for (int at = NameAt; Message[at] != 0; at += Message[at] + 1)
                labels.Add(Encoding.ASCII.GetString(Message, at + 1, Message[at]));
            return string.Join('.', labels);
        }
    }

    /// <summary>Number of the type asked for.</summary>
    public int Type => BinaryPrimitives.ReadUInt16BigEndian(Message.AsSpan(QuestionEnd - 4));

    /// <summary>Whether it came by TCP.</summary>
    public bool ByTcp => Client is null;

    /// <summary>Whether it came with an OPT record.</summary>
    public bool HasEdns => Message[11] == 1;

    private int QuestionEnd => NameAt + Name.Length + (Name.Length == 0 ? 1 : 2) + 4;

    /// <summary>An answer with records.</summary>
    public byte[] Answer(params WireRecord[] records) => Reply(0, records);

    /// <summary>An answer with a code (3 = there is no such name), and a zone that says how long that counts.</summary>
    public byte[] Refusal(int code, WireRecord? zone = null) => Reply(code, [], zone is null ? [] : [zone]);

    /// <summary>An answer that says that it does not fit.</summary>
    public byte[] CutShort()
    {
        byte[] reply = Reply(0, []);
        reply[2] |= 0x02;
        return reply;
    }

    /// <summary>A whole reply: the header, the question repeated, records.</summary>
    public byte[] Reply(int code, IReadOnlyList<WireRecord> answers, IReadOnlyList<WireRecord>? authority = null, IReadOnlyList<WireRecord>? additional = null)
    {
        var reply = new List<byte>(Message[..2]) { 0x81, (byte)(0x80 | code), 0, 1 };
        foreach (int count in (int[])[answers.Count, authority?.Count ?? 0, additional?.Count ?? 0])
            reply.AddRange([(byte)(count >> 8), (byte)count]);
        reply.AddRange(Message[NameAt..QuestionEnd]);
        foreach (WireRecord record in answers.Concat(authority ?? []).Concat(additional ?? []))
            reply.AddRange(record.Bytes);
        return [.. reply];
    }
}
