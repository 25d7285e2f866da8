using Headgate.Proxy.Dns;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Dns;

public sealed class DnsReplyTests
{
    private static readonly DnsQuestion Asked = new("a.test", DnsType.A);

    [Fact]
    public void Write_QuestionWithEdns_TheBytesOfTheRfcs()
    {
        byte[] message = new byte[DnsQuery.BytesMax];

        int length = DnsQuery.Write(message, 0x1234, new DnsQuestion("a.test", DnsType.Aaaa), edns: true);

        Convert.ToHexString(message, 0, length).ShouldBe("1234" + "0100" + "0001" + "0000" + "0000" + "0001" + "0161" + "0474657374" + "00" + "001C" + "0001" + "00" + "0029" + "04D0" + "00000000" + "0000");
    }

    [Fact]
    public void Read_EveryTypeKnown_Records()
    {
        byte[] message = Question().Reply(
            0,
            [
                WireRecord.Alias("A.test", "b.test", 5), WireRecord.Address("b.test", "192.0.2.1"), WireRecord.Address("b.test", "2001:db8::1"),
                WireRecord.Service("b.test", 1, 2, 3, "c.test"), WireRecord.Of("b.test", 16, 60, [1, 2, 3]),
            ],
            [WireRecord.Zone("test", 60, 30)],
            [WireRecord.Opt(0)]);

        DnsReply reply = DnsReply.Read(message);

        reply.Answers.ShouldBe(
        [
            new AliasRecord("a.test", 5, "b.test"), new AddressRecord("b.test", 60, new([192, 0, 2, 1])), new AddressRecord("b.test", 60, System.Net.IPAddress.Parse("2001:db8::1")),
            new ServiceRecord("b.test", 60, 1, 2, 3, "c.test"),
        ]);
        (reply.Id, reply.Code, reply.IsTruncated, reply.Question, reply.Zone).ShouldBe(((ushort)7, DnsCode.NoError, false, Asked, new ZoneRecord("test", 60, 30)));
    }

    [Fact]
    public void Read_CompressedNames_AreWhole()
    {
        // The owner is a pointer to the question's name; the target a label and a pointer into the middle of it.
        byte[] record = [0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 4, 1, (byte)'x', 0xC0, 14];

        DnsReply.Read(Question().Reply(0, [new WireRecord(record)])).Answers.ShouldBe([new AliasRecord("a.test", 60, "x.test")]);
    }

    [Fact]
    public void Read_UpperBitsOfTheCode_ComeFromOpt() =>
        DnsReply.Read(Question().Reply(0, [], additional: [WireRecord.Opt(1)])).Code.ShouldBe(DnsCode.BadVersion);

    [Fact]
    public void Read_TtlWithTheFirstBitSet_IsZero() =>
        DnsReply.Read(Question().Answer(WireRecord.Address("a.test", "192.0.2.1", 0x80000001))).Answers.Single().TtlSeconds.ShouldBe(0);

    [Fact]
    public void Read_RecordOfAnotherClass_IsPassedOver() =>
        DnsReply.Read(Question().Answer(WireRecord.Of("a.test", 1, 60, [1, 2, 3, 4], classNumber: 3))).Answers.ShouldBeEmpty();

    [Fact]
    public void Read_ServersButNoZoneAndNoAnswer_IsAReferral()
    {
        DnsReply.Read(Question().Reply(0, [], [WireRecord.Server("test", "ns.test")])).IsReferral.ShouldBeTrue();
        DnsReply.Read(Question().Reply(0, [WireRecord.Address("a.test", "192.0.2.1")], [WireRecord.Server("test", "ns.test")])).IsReferral.ShouldBeFalse();
        DnsReply.Read(Question().Reply(0, [], [WireRecord.Zone("test", 1, 1), WireRecord.Server("test", "ns.test")])).IsReferral.ShouldBeFalse();
    }

    public static TheoryData<string, byte[]> Malformed => new()
    {
        { "to itself", [0xC0, 24] },
        { "to what follows", [0xC0, 40] },
        { "outside", [0xFF, 0xFF] },
        { "to its own beginning", [1, (byte)'x', 0xC0, 24] },
        { "a kind of label that is none", [0x40, 0] },
        { "a label beyond the end", [63, 1] },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Read_BadName_IsRefused(string what, byte[] name)
    {
        byte[] message = Question().Reply(0, [new WireRecord([.. name, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 1, 2, 3, 4])]);

        Should.Throw<DnsException>(() => DnsReply.Read(message), what);
    }

    [Fact]
    public void Read_NamesThatLeadToOneAnother_AreRefused()
    {
        // 24 leads to 20, within the question's fixed fields, where the bytes lead to 24.
        byte[] message = Question().Reply(0, [new WireRecord([1, (byte)'x', 0xC0, 28, 0xC0, 24])]);

        Should.Throw<DnsException>(() => DnsReply.Read(message)).Message.ShouldContain("leads");
    }

    [Fact]
    public void Read_PointerToAGoodNameThatFollows_IsRefused()
    {
        WireRecord second = WireRecord.Address("b.test", "192.0.2.1");
        byte[] first = [0xC0, 24 + 16, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 1, 2, 3, 4];
        byte[] message = Question().Reply(0, [new WireRecord(first), second]);
        new DnsReader(message.AsSpan(24 + 16)).ReadName().ShouldBe("b.test", "what it leads to is a name");

        Should.Throw<DnsException>(() => DnsReply.Read(message)).Message.ShouldBe("a compressed name leads from byte 24 to 40, which is not before its beginning");
    }

    [Fact]
    public void Read_ManyLongNamesThroughPointers_EndsSoon()
    {
        // Pointers to pointers to pointers: each name may follow 126 only.
        var bytes = new List<byte> { 0xC0, 12, 0, 99, 0, 1, 0, 0, 0, 0, 0x7F, 0xF0 };
        for (int at = 0; at < 0x7FF0 / 2; at++)
        {
            int target = 24 + 12 + (2 * (at - 1));
            bytes.AddRange(at == 0 || target > 0x3FFF ? [0xC0, 12] : [(byte)(0xC0 | (target >> 8)), (byte)target]);
        }

        bytes.AddRange([0xC0 | (0x1000 >> 8), 0x00, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 1, 2, 3, 4]);
        byte[] message = Question().Reply(0, [new WireRecord([.. bytes]), new WireRecord([])]);

        Should.Throw<DnsException>(() => DnsReply.Read(message)).Message.ShouldContain("compressed");
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(1, 5)]
    [InlineData(28, 4)]
    [InlineData(28, 17)]
    [InlineData(33, 6)]
    [InlineData(6, 12)]
    public void Read_DataOfAWrongLength_IsRefused(int type, int length) =>
        Should.Throw<DnsException>(() => DnsReply.Read(Question().Answer(WireRecord.Of("a.test", type, 60, new byte[length]))));

    [Fact]
    public void Read_EveryBeginningOfAMessage_IsRefused()
    {
        byte[] message = Question().Reply(0, [WireRecord.Alias("a.test", "b.test"), WireRecord.Service("b.test", 1, 2, 3, "c.test")], [WireRecord.Zone("test", 1, 1)], [WireRecord.Opt(0)]);

        for (int length = 0; length < message.Length; length++)
            Should.Throw<DnsException>(() => DnsReply.Read(message.AsSpan(0, length)), $"{length} bytes");
        DnsReply.Read([.. message, 1, 2, 3]).Answers.Count.ShouldBe(2);
    }

    [Fact]
    public void Fits_OnlyTheNumberAndTheQuestionAsked()
    {
        byte[] message = Question().Answer(WireRecord.Address("a.test", "192.0.2.1"));
        DnsReply.Fits(message, 7, Asked).ShouldBeTrue();
        DnsReply.Fits(message, 8, Asked).ShouldBeFalse();
        DnsReply.Fits(message, 7, Asked with { Name = "b.test" }).ShouldBeFalse();
        DnsReply.Fits(message, 7, Asked with { Type = DnsType.Aaaa }).ShouldBeFalse();

        byte[] question = [.. message];
        question[2] &= 0x7F;
        DnsReply.Fits(question, 7, Asked).ShouldBeFalse("a question is no answer");
    }

    [Fact]
    public void Fits_HeaderAlone_OnlyFromAServerThatDidNotUnderstand()
    {
        DnsReply.Fits([0, 7, 0x80, 0x81, 0, 0, 0, 0, 0, 0, 0, 0], 7, Asked).ShouldBeTrue();
        DnsReply.Fits([0, 7, 0x80, 0x80, 0, 0, 0, 0, 0, 0, 0, 0], 7, Asked).ShouldBeFalse();
    }

    internal static NameQuestion Question(string name = "a.test", DnsType type = DnsType.A)
    {
        byte[] message = new byte[DnsQuery.BytesMax];
        int length = DnsQuery.Write(message, 7, new DnsQuestion(name, type), edns: true);
        return new NameQuestion(message[..length], new(System.Net.IPAddress.Loopback, 1));
    }
}
