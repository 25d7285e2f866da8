using Headgate.Proxy.Dns;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Dns;

public sealed class DnsResolverTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Ask_Records_AreKeptForTheirTtlAndAskedForAgainThen()
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Answer(WireRecord.Address("a.test", "192.0.2.1", 20), WireRecord.Address("a.test", "192.0.2.2", 10)));
        await using DnsResolver resolver = Make(server);

        (await resolver.AskAsync("a.test", DnsType.A, CancellationToken.None)).ValidFor.ShouldBe(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(9));
        (await resolver.AskAsync("a.test", DnsType.A, CancellationToken.None)).ValidFor.ShouldBe(TimeSpan.FromSeconds(1));
        server.Questions.Count.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        (await resolver.AddressesAsync("a.test")).ShouldBe("192.0.2.1 192.0.2.2");

        server.Questions.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(0u, 1)]
    [InlineData(60u, 60)]
    [InlineData(1_000_000u, 3600)]
    public async Task Ask_Ttl_CountsWithinBounds(uint ttl, int expectedSeconds)
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Answer(WireRecord.Address("a.test", "192.0.2.1", ttl)));
        await using DnsResolver resolver = Make(server);

        (await resolver.AskAsync("a.test", DnsType.A, CancellationToken.None)).ValidFor.ShouldBe(TimeSpan.FromSeconds(expectedSeconds));
    }

    [Fact]
    public async Task Ask_ValidForGiven_TheTtlDoesNotCount()
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Answer(WireRecord.Address("a.test", "192.0.2.1", 7)));
        await using DnsResolver resolver = ResolverUnderTest.Make(ResolverUnderTest.Asking(server.EndPoint) with { ValidFor = TimeSpan.FromMinutes(2) }, _time);

        (await resolver.AskAsync("a.test", DnsType.A, CancellationToken.None)).ValidFor.ShouldBe(TimeSpan.FromMinutes(2));
    }

    [Theory]
    [InlineData(3, 20u, 10u, 10, false)]
    [InlineData(3, 10u, 20u, 10, false)]
    [InlineData(0, 10u, 20u, 10, true)]
    [InlineData(0, 9000u, 9000u, 30, true)]
    public async Task Ask_NothingThere_CountsAsTheZoneSays(int code, uint ttl, uint minimum, int expectedSeconds, bool nameExists)
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Refusal(code, WireRecord.Zone("test", ttl, minimum)));
        await using DnsResolver resolver = Make(server);

        DnsAnswer answer = await resolver.AskAsync("a.test", DnsType.A, CancellationToken.None);

        (answer.Records.Count, answer.NameExists, answer.ValidFor).ShouldBe((0, nameExists, TimeSpan.FromSeconds(expectedSeconds)));
        _time.Advance(TimeSpan.FromSeconds(expectedSeconds - 1));
        await resolver.AskAsync("a.test", DnsType.A, CancellationToken.None);
        server.Questions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Ask_NothingThereAndNoZone_CountsForTheShortestTime()
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Refusal(3));
        await using DnsResolver resolver = Make(server);

        (await resolver.AskAsync("a.test", DnsType.A, CancellationToken.None)).ValidFor.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Ask_AliasesWithinAnAnswerAndAcrossAnswers_AreFollowedWithTheShortestTtl()
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Name == "a.test"
            ? q.Answer(WireRecord.Address("c.test", "192.0.2.9"), WireRecord.Alias("b.test", "C.test", 5), WireRecord.Alias("a.test", "b.test", 50), WireRecord.Alias("c.test", "d.test"))
            : q.Answer(WireRecord.Address("d.test", "192.0.2.1", 20)));
        await using DnsResolver resolver = Make(server);

        // c.test is an alias and has an address, which no zone may hold: the address is what was asked for.
        (await resolver.AddressesAsync("a.test")).ShouldBe("192.0.2.9");

        (await resolver.AskAsync("a.test", DnsType.Aaaa, CancellationToken.None)).Records.ShouldBeEmpty();
        server.Questions.Select(q => q.Name).ShouldBe(["a.test", "a.test", "d.test"]);
    }

    [Fact]
    public async Task Ask_AliasAcrossAnswers_IsAskedForItself()
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(
            q => q.Name == "a.test" ? q.Answer(WireRecord.Alias("a.test", "b.test", 5)) : q.Answer(WireRecord.Address("b.test", "192.0.2.1", 20)));
        await using DnsResolver resolver = Make(server);

        DnsAnswer answer = await resolver.AskAsync("a.test", DnsType.A, CancellationToken.None);

        (answer.Records.Single(), answer.ValidFor).ShouldBe((new AddressRecord("b.test", 20, new([192, 0, 2, 1])), TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task Ask_AliasOfANameThatDoesNotExist_IsNothing()
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Reply(3, [WireRecord.Alias("a.test", "b.test")], [WireRecord.Zone("test", 5, 5)]));
        await using DnsResolver resolver = Make(server);

        (await resolver.AskAsync("a.test", DnsType.A, CancellationToken.None)).NameExists.ShouldBeFalse();
        server.Questions.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ask_LoopOfAliases_IsAnError(bool inOneAnswer)
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => inOneAnswer
            ? q.Answer(WireRecord.Alias("a.test", "b.test"), WireRecord.Alias("b.test", "a.test"))
            : q.Answer(WireRecord.Alias(q.Name, q.Name == "a.test" ? "b.test" : "a.test")));
        await using DnsResolver resolver = Make(server);

        (await Should.ThrowAsync<DnsException>(() => resolver.AddressesAsync("a.test"))).Message.ShouldStartWith("a.test A: more than 16 aliases, or a loop of them");
        server.Questions.Count.ShouldBeLessThanOrEqualTo(17);
    }

    [Fact]
    public async Task Ask_ManyAtOnce_OneQuestion()
    {
        await using ScriptedNameServer server = ScriptedNameServer.Start(_ => []);
        await using DnsResolver resolver = Make(server);
        using var leaves = new CancellationTokenSource();
        Task<DnsAnswer>[] asked = [.. Enumerable.Range(0, 50).Select(_ => resolver.AskAsync("a.test", DnsType.A, CancellationToken.None))];
        Task<DnsAnswer> leaver = resolver.AskAsync("a.test", DnsType.A, leaves.Token);
        await Eventually.HoldsAsync(() => server.Questions.Count == 1, "the question");

        await leaves.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => leaver);
        server.Questions.TryPeek(out NameQuestion? question).ShouldBeTrue();
        await server.SendAsync(question!, question!.Answer(WireRecord.Address("a.test", "192.0.2.1")));

        (await Task.WhenAll(asked)).ShouldAllBe(answer => answer.Records.Count == 1);
        server.Questions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Ask_MoreNamesThanAreKept_TheOldestUseGoesFirst()
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Answer(WireRecord.Address(q.Name, "192.0.2.1")));
        await using DnsResolver resolver = ResolverUnderTest.Make(ResolverUnderTest.Asking(server.EndPoint) with { AnswersMax = 3 }, _time);
        foreach (string name in (string[])["a", "b", "c", "a", "d"])
            await resolver.AddressesAsync(name);

        resolver.AnswersKept.ShouldBe(3);
        await resolver.AddressesAsync("a");
        server.Questions.Count.ShouldBe(4);
        await resolver.AddressesAsync("b");
        server.Questions.Count.ShouldBe(5);
    }

    [Fact]
    public async Task Ask_AfterAnError_AsksAgain()
    {
        int code = 2;
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => code == 0 ? q.Answer(WireRecord.Address("a.test", "192.0.2.1")) : q.Refusal(code));
        await using DnsResolver resolver = Make(server);

        (await Should.ThrowAsync<DnsException>(() => resolver.AddressesAsync("a.test"))).Message.ShouldBe($"a.test A: name server {server.EndPoint}: ServerFailure");
        code = 0;

        (await resolver.AddressesAsync("a.test")).ShouldBe("192.0.2.1");
    }

    [Fact]
    public async Task Ask_ManyQuestions_NumbersAndPortsAreDrawn()
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Answer(WireRecord.Address(q.Name, "192.0.2.1")));
        await using DnsResolver resolver = Make(server);

        for (int i = 0; i < 200; i++)
            await resolver.AddressesAsync($"n{i}.test");

        // Of 200 drawn from 65,536 about 0.3 pairs are equal; in order they would be neighbours.
        ushort[] ids = [.. server.Questions.Select(q => q.Id)];
        ids.Distinct().Count().ShouldBeGreaterThan(190);
        ids.Zip(ids.Skip(1)).Count(pair => Math.Abs(pair.First - pair.Second) < 16).ShouldBeLessThan(20);
        int[] ports = [.. server.Questions.Select(q => q.Client!.Port)];
        ports.Distinct().Count().ShouldBeGreaterThan(150);
        ports.Zip(ports.Skip(1)).Count(pair => Math.Abs(pair.First - pair.Second) < 16).ShouldBeLessThan(20);
    }

    [Fact]
    public async Task Dispose_WhileAQuestionIsUnderWay_EndsIt()
    {
        await using ScriptedNameServer server = ScriptedNameServer.Start(_ => []);
        DnsResolver resolver = Make(server);
        Task<DnsAnswer> asked = resolver.AskAsync("a.test", DnsType.A, CancellationToken.None);
        await Eventually.HoldsAsync(() => !server.Questions.IsEmpty, "the question");

        await resolver.DisposeAsync();

        (await Should.ThrowAsync<DnsException>(() => asked)).Message.ShouldBe("a.test A: the resolver has been stopped");
    }

    [Theory]
    [InlineData("web", "web.a.test web.b.test web")]
    [InlineData("web.x", "web.x.a.test web.x.b.test web.x")]
    [InlineData("web.x.y", "web.x.y web.x.y.a.test web.x.y.b.test")]
    [InlineData("web.", "web")]
    public async Task Candidates_SearchDomains_AsTheManualSays(string written, string expected)
    {
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "nameserver 127.0.0.1\nsearch a.test b.test\noptions ndots:2\n", TestContext.Current.CancellationToken);
        await using DnsResolver resolver = ResolverUnderTest.Make(new DnsResolverOptions { ResolvConfPath = path });
        await using DnsResolver without = ResolverUnderTest.Make(new DnsResolverOptions { ResolvConfPath = path, UsesSearch = false });

        string.Join(' ', resolver.Candidates(written)).ShouldBe(expected);
        without.Candidates(written).ShouldBe([written.TrimEnd('.')]);
        File.Delete(path);
    }

    [Fact]
    public async Task NameServers_ResolvConfChanged_AreTheNewOnes()
    {
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "nameserver 192.0.2.1\n", TestContext.Current.CancellationToken);
        await using DnsResolver resolver = ResolverUnderTest.Make(new DnsResolverOptions { ResolvConfPath = path }, _time);
        resolver.NameServers.Servers.Single().ToString().ShouldBe("192.0.2.1:53");

        await File.WriteAllTextAsync(path, "nameserver 192.0.2.1\nnameserver 192.0.2.2\n", TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(1));

        resolver.NameServers.Servers.Count.ShouldBe(2);
        File.Delete(path);
    }

    private DnsResolver Make(ScriptedNameServer server) => ResolverUnderTest.Make(ResolverUnderTest.Asking(server.EndPoint), _time);
}
