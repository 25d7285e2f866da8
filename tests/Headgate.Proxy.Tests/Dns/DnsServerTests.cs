using System.Net;
using System.Net.Sockets;
using Headgate.Proxy.Dns;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Dns;

/// <summary>Servers that fail in every way, and those that others are asked instead of.</summary>
public sealed class DnsServerTests
{
    private static readonly WireRecord Good = WireRecord.Address("a.test", "192.0.2.1");

    [Fact]
    public async Task Ask_AnswerCutShort_IsAskedForByTcp()
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(
            q => q.ByTcp ? q.Answer([.. Enumerable.Range(0, 300).Select(i => WireRecord.Address("a.test", $"10.0.{i / 256}.{i % 256}"))]) : q.CutShort());
        await using DnsResolver resolver = Make(server);

        (await resolver.AskAsync("a.test", DnsType.A, CancellationToken.None)).Records.Count.ShouldBe(300);
        server.Questions.Select(q => q.ByTcp).ShouldBe([false, true]);
    }

    public static TheoryData<string, string> FailuresByTcp => new()
    {
        { "cut", "an answer by TCP that is cut short" },
        { "other", "an answer by TCP that does not fit the question" },
        { "closed", "the TCP connection ended before an answer was there" },
    };

    [Theory]
    [MemberData(nameof(FailuresByTcp))]
    public async Task Ask_BadAnswerByTcp_IsAnError(string kind, string expected)
    {
        await using ScriptedNameServer server = ScriptedNameServer.Start(q => (q.ByTcp, kind) switch
        {
            (false, _) or (_, "cut") => [q.CutShort()],
            (_, "other") => [DnsReplyTests.Question("b.test").Answer(Good)],
            _ => throw new EndOfStreamException(),
        });
        await using DnsResolver resolver = Make(server);

        (await Should.ThrowAsync<DnsException>(() => resolver.AddressesAsync("a.test"))).Message.ShouldStartWith($"a.test A: name server {server.EndPoint}: {expected}");
    }

    [Fact]
    public async Task Ask_SilentByTcp_EndsWithinTheBound()
    {
        var time = new ManualTimeProvider();
        await using ScriptedNameServer server = ScriptedNameServer.Start(q => q.ByTcp ? [] : [q.CutShort()]);
        await using DnsResolver resolver = ResolverUnderTest.Make(ResolverUnderTest.Asking(server.EndPoint), time);
        Task<string> asked = resolver.AddressesAsync("a.test");
        await Eventually.HoldsAsync(() => server.Questions.Any(q => q.ByTcp), "the question by TCP");

        time.Advance(TimeSpan.FromSeconds(5));

        (await Should.ThrowAsync<DnsException>(() => asked)).Message.ShouldBe($"a.test A: name server {server.EndPoint}: no answer within 2 s");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16)]
    public async Task Ask_ServerThatKnowsNoEdns_IsAskedWithoutFromThenOn(int code)
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => !q.HasEdns ? q.Answer(WireRecord.Address(q.Name, "192.0.2.1"))
            : code == 16 ? q.Reply(0, [], additional: [WireRecord.Opt(1)])
            : [q.Message[0], q.Message[1], 0x80, (byte)code, 0, 0, 0, 0, 0, 0, 0, 0]);
        await using DnsResolver resolver = Make(server);

        (await resolver.AddressesAsync("a.test")).ShouldBe("192.0.2.1");
        (await resolver.AddressesAsync("b.test")).ShouldBe("192.0.2.1");

        server.Questions.Select(q => q.HasEdns).ShouldBe([true, false, false]);
    }

    public static TheoryData<string> Unfitting => ["id", "name", "type", "question", "garbage", "empty"];

    [Theory]
    [MemberData(nameof(Unfitting))]
    public async Task Ask_AnswersThatFitNoQuestion_AreLeftOutAndTheGoodOneCounts(string what)
    {
        await using ScriptedNameServer server = ScriptedNameServer.Start(q => [Forge(q, what), Forge(q, what), q.Answer(Good)]);
        await using DnsResolver resolver = Make(server);

        (await resolver.AddressesAsync("a.test")).ShouldBe("192.0.2.1");
        server.Questions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Ask_ManyAnswersThatFitNoQuestion_TheServerIsGivenUpForIt()
    {
        await using ScriptedNameServer server = ScriptedNameServer.Start(q => [.. Enumerable.Repeat(Forge(q, "id"), 40), q.Answer(Good)]);
        await using DnsResolver resolver = Make(server);

        (await Should.ThrowAsync<DnsException>(() => resolver.AddressesAsync("a.test"))).Message.ShouldBe($"a.test A: name server {server.EndPoint}: 32 answers that fit no question");
    }

    [Fact]
    public async Task Ask_AnswerFromAnotherPort_IsNotTaken()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using ScriptedNameServer server = ScriptedNameServer.Start(q =>
        {
            // All is right but where it comes from; and it comes first.
            other.SendTo(q.Answer(WireRecord.Address("a.test", "203.0.113.66")), q.Client!);
            return [q.Answer(Good)];
        });
        await using DnsResolver resolver = Make(server);

        (await resolver.AddressesAsync("a.test")).ShouldBe("192.0.2.1");
    }

    [Fact]
    public async Task Ask_MalformedAnswer_NamesTheServerAndTheNextIsAsked()
    {
        await using ScriptedNameServer bad = ScriptedNameServer.StartAnswering(q => q.Answer(WireRecord.Of("a.test", 1, 60, [1, 2, 3])));
        await using ScriptedNameServer good = ScriptedNameServer.StartAnswering(q => q.Answer(Good));
        await using DnsResolver alone = Make(bad);
        await using DnsResolver both = Make(bad, good);

        (await Should.ThrowAsync<DnsException>(() => alone.AddressesAsync("a.test"))).Message
            .ShouldBe($"a.test A: name server {bad.EndPoint}: a malformed answer by UDP: a record of type A of \"a.test\" has 3 bytes of data, which such a record cannot have");
        (await both.AddressesAsync("a.test")).ShouldBe("192.0.2.1");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(4)]
    public async Task Ask_FirstServerSaysAnError_TheNextIsAsked(int code)
    {
        await using ScriptedNameServer failing = ScriptedNameServer.StartAnswering(q => q.Refusal(code));
        await using ScriptedNameServer good = ScriptedNameServer.StartAnswering(q => q.Answer(Good));
        await using DnsResolver resolver = Make(failing, good);

        (await resolver.AddressesAsync("a.test")).ShouldBe("192.0.2.1");
    }

    [Fact]
    public async Task Ask_FirstServerRefersToOthers_TheNextIsAsked()
    {
        await using ScriptedNameServer lame = ScriptedNameServer.StartAnswering(q => q.Reply(0, [], [WireRecord.Server("test", "ns.test")]));
        await using ScriptedNameServer good = ScriptedNameServer.StartAnswering(q => q.Answer(Good));
        await using DnsResolver resolver = Make(lame, good);

        (await resolver.AddressesAsync("a.test")).ShouldBe("192.0.2.1");
    }

    [Fact]
    public async Task Ask_FirstServerSaysNoSuchName_IsTheAnswer()
    {
        await using ScriptedNameServer knowing = ScriptedNameServer.StartAnswering(q => q.Refusal(3));
        await using ScriptedNameServer other = ScriptedNameServer.StartAnswering(q => q.Answer(Good));
        await using DnsResolver resolver = Make(knowing, other);

        (await resolver.AddressesAsync("a.test")).ShouldBe("");
        other.Questions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Ask_FirstServerIsSilent_TheNextIsAskedAndFromThenOnFirst()
    {
        var time = new ManualTimeProvider();
        await using ScriptedNameServer silent = ScriptedNameServer.Start(_ => []);
        await using ScriptedNameServer good = ScriptedNameServer.StartAnswering(q => q.Answer(WireRecord.Address(q.Name, "192.0.2.1")));
        await using DnsResolver resolver = ResolverUnderTest.Make(ResolverUnderTest.Asking(silent.EndPoint, good.EndPoint), time);
        Task<string> first = resolver.AddressesAsync("a.test");
        await Eventually.HoldsAsync(() => silent.Questions.Count == 1, "the first server is asked");
        good.Questions.ShouldBeEmpty();

        time.Advance(TimeSpan.FromSeconds(2));
        (await first).ShouldBe("192.0.2.1");
        (await resolver.AddressesAsync("b.test")).ShouldBe("192.0.2.1");
        silent.Questions.Count.ShouldBe(1);

        time.Advance(DnsServer.ShunnedFor);
        Task<string> later = resolver.AddressesAsync("c.test");
        await Eventually.HoldsAsync(() => silent.Questions.Count == 2, "it is asked first again");
        time.Advance(TimeSpan.FromSeconds(2));
        await later;
    }

    [Fact]
    public async Task Ask_AllSilent_AnErrorThatNamesEachWithinTheBound()
    {
        var time = new ManualTimeProvider();
        await using ScriptedNameServer one = ScriptedNameServer.Start(_ => []);
        await using ScriptedNameServer two = ScriptedNameServer.Start(_ => []);
        await using DnsResolver resolver = ResolverUnderTest.Make(ResolverUnderTest.Asking(one.EndPoint, two.EndPoint) with { Timeout = TimeSpan.FromSeconds(1) }, time);
        Task<string> asked = resolver.AddressesAsync("a.test");

        // Half of the second for each; then it is over, though each might have a second try.
        await Eventually.HoldsAsync(() => one.Questions.Count == 1, "the first is asked");
        time.Advance(TimeSpan.FromSeconds(0.5));
        await Eventually.HoldsAsync(() => two.Questions.Count == 1, "the second is asked");
        time.Advance(TimeSpan.FromSeconds(0.5));

        (await Should.ThrowAsync<DnsException>(() => asked)).Message
            .ShouldBe($"a.test A: name server {one.EndPoint}: no answer within 0.5 s; name server {two.EndPoint}: no answer within 0.5 s");
    }

    [Fact]
    public async Task Ask_FirstAnswerIsLost_ASingleServerIsAskedAgain()
    {
        var time = new ManualTimeProvider();
        int count = 0;
        await using ScriptedNameServer server = ScriptedNameServer.Start(q => ++count == 1 ? [] : [q.Answer(Good)]);
        await using DnsResolver resolver = ResolverUnderTest.Make(ResolverUnderTest.Asking(server.EndPoint), time);
        Task<string> asked = resolver.AddressesAsync("a.test");
        await Eventually.HoldsAsync(() => server.Questions.Count == 1, "the first question");

        time.Advance(TimeSpan.FromSeconds(2));

        (await asked).ShouldBe("192.0.2.1");
    }

    [Fact]
    public async Task Ask_NobodyListens_TheNextIsAskedAtOnce()
    {
        int port;
        using (var gone = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
        {
            gone.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            port = ((IPEndPoint)gone.LocalEndPoint!).Port;
        }

        // No clock runs: only the kernel's word that nobody is there can bring the next server's turn.
        await using ScriptedNameServer good = ScriptedNameServer.StartAnswering(q => q.Answer(Good));
        await using DnsResolver resolver = ResolverUnderTest.Make(ResolverUnderTest.Asking(new IPEndPoint(IPAddress.Loopback, port), good.EndPoint), new ManualTimeProvider());

        (await resolver.AddressesAsync("a.test")).ShouldBe("192.0.2.1");
    }

    [Fact]
    public async Task Ask_Rotate_ServersTakeTurns()
    {
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "options rotate\n", TestContext.Current.CancellationToken);
        await using ScriptedNameServer one = ScriptedNameServer.StartAnswering(q => q.Answer(WireRecord.Address(q.Name, "192.0.2.1")));
        await using ScriptedNameServer two = ScriptedNameServer.StartAnswering(q => q.Answer(WireRecord.Address(q.Name, "192.0.2.1")));
        await using DnsResolver resolver = ResolverUnderTest.Make(ResolverUnderTest.Asking(one.EndPoint, two.EndPoint) with { ResolvConfPath = path });

        for (int i = 0; i < 10; i++)
            await resolver.AddressesAsync($"n{i}.test");

        (one.Questions.Count, two.Questions.Count).ShouldBe((5, 5));
        File.Delete(path);
    }

    private static byte[] Forge(NameQuestion q, string what)
    {
        byte[] forged = q.Answer(WireRecord.Address("a.test", "203.0.113.66"));
        switch (what)
        {
            case "id":
                forged[1] ^= 1;
                return forged;
            case "name":
                forged[NameQuestion.NameAt + 1] = (byte)'b';
                return forged;
            case "type":
                forged[NameQuestion.NameAt + 8 + 1] = 28;
                return forged;
            case "question":
                forged[2] &= 0x7F;
                return forged;
            case "garbage":
                return [1, 2, 3];
            default:
                return [];
        }
    }

    private static DnsResolver Make(params ScriptedNameServer[] servers) => ResolverUnderTest.Make(ResolverUnderTest.Asking([.. servers.Select(server => server.EndPoint)]), new ManualTimeProvider());
}
