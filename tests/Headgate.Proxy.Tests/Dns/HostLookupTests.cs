using System.Net;
using Headgate.Proxy.Dns;
using Headgate.Proxy.Upstream;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Dns;

public sealed class HostLookupTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Lookup_BothFamilies_Ipv4FirstInOrderWithTheShorterTtl()
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Type == 28
            ? q.Answer(WireRecord.Address("a.test", "::1", 40))
            : q.Answer(WireRecord.Address("a.test", "127.0.0.3", 50), WireRecord.Address("a.test", "127.0.0.1", 50)));
        await using HostLookup lookup = Make(Asking(server));

        HostAnswer answer = await lookup.LookupAsync("A.test", CancellationToken.None);

        answer.Addresses.Select(a => a.ToString()).ShouldBe(["127.0.0.1", "127.0.0.3", "::1"]);
        answer.ValidFor.ShouldBe(TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task Lookup_WithoutIpv6_OnlyAIsAskedFor()
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Answer(WireRecord.Address("a.test", "127.0.0.1")));
        await using HostLookup lookup = Make(Asking(server) with { UsesIpv6 = false });

        await lookup.LookupAsync("a.test", CancellationToken.None);

        server.Questions.Select(q => q.Type).ShouldBe([1]);
    }

    [Fact]
    public async Task Lookup_NameOfTheHostsFile_NobodyIsAskedAndAChangeCounts()
    {
        await File.WriteAllTextAsync(_file, "127.0.0.7 shop.test\n", TestContext.Current.CancellationToken);
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Answer(WireRecord.Address("shop.test", "127.0.0.9")));
        await using HostLookup lookup = Make(Asking(server) with { HostsPath = _file });
        (await AddressesAsync(lookup, "Shop.Test.")).ShouldBe("127.0.0.7");

        await File.WriteAllTextAsync(_file, "127.0.0.77 shop.test\n", TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(1));

        (await AddressesAsync(lookup, "shop.test")).ShouldBe("127.0.0.77");
        server.Questions.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("a.LOCALHOST")]
    public async Task Lookup_Localhost_IsThisMachineAndNobodyIsAsked(string name)
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Answer(WireRecord.Address(q.Name, "203.0.113.66")));
        await using HostLookup lookup = Make(Asking(server));

        HostAnswer answer = await lookup.LookupAsync(name, CancellationToken.None);

        answer.Addresses.ShouldContain(IPAddress.Loopback);
        answer.Addresses.ShouldAllBe(address => IPAddress.IsLoopback(address));
        server.Questions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Lookup_SearchDomains_TheFirstThatHasItCounts()
    {
        await File.WriteAllTextAsync(_file, "search x.test y.test z.test\n", TestContext.Current.CancellationToken);
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(
            q => q.Name is "web.y.test" or "web.z.test" && q.Type == 1 ? q.Answer(WireRecord.Address(q.Name, "127.0.0.1")) : q.Refusal(q.Name == "web.x.test" ? 3 : 0));
        await using HostLookup lookup = Make(Asking(server) with { ResolvConfPath = _file });

        (await AddressesAsync(lookup, "web")).ShouldBe("127.0.0.1");
        server.Questions.Select(q => q.Name).Distinct().ShouldBe(["web.x.test", "web.y.test"]);
    }

    [Fact]
    public async Task Lookup_ErrorInASearchDomain_IsNotPassedOver()
    {
        await File.WriteAllTextAsync(_file, "search x.test y.test\n", TestContext.Current.CancellationToken);
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Name == "web.x.test" ? q.Refusal(2) : q.Answer(WireRecord.Address(q.Name, "127.0.0.1")));
        await using HostLookup lookup = Make(Asking(server) with { ResolvConfPath = _file });

        (await Should.ThrowAsync<DnsException>(() => lookup.LookupAsync("web", CancellationToken.None))).Message.ShouldContain("ServerFailure");
    }

    [Fact]
    public async Task Lookup_NoSuchName_SaysSo()
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Refusal(3));
        await using HostLookup lookup = Make(Asking(server));

        (await Should.ThrowAsync<DnsException>(() => lookup.LookupAsync("a.test", CancellationToken.None))).Message.ShouldBe("the name a.test does not exist");
    }

    [Fact]
    public async Task Lookup_NameWithoutAddresses_IsEmpty()
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Refusal(0));
        await using HostLookup lookup = Make(Asking(server));

        (await lookup.LookupAsync("a.test", CancellationToken.None)).Addresses.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(28)]
    [InlineData(1)]
    public async Task Lookup_OneFamilyFails_TheOtherCountsForAShortTime(int failing)
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(
            q => q.Type == failing ? q.Refusal(2) : q.Answer(WireRecord.Address("a.test", failing == 28 ? "127.0.0.1" : "::1", 600)));
        await using HostLookup lookup = Make(Asking(server));

        HostAnswer answer = await lookup.LookupAsync("a.test", CancellationToken.None);

        (answer.Addresses.Count, answer.ValidFor).ShouldBe((1, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task Lookup_OneFamilyHasNothingAndTheOtherFails_IsAnError()
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Refusal(q.Type == 28 ? 2 : 0));
        await using HostLookup lookup = Make(Asking(server));

        await Should.ThrowAsync<DnsException>(() => lookup.LookupAsync("a.test", CancellationToken.None));
    }

    [Fact]
    public async Task Lookup_ServerDropsAaaa_IsNotWaitedForLong()
    {
        await using ScriptedNameServer server = ScriptedNameServer.Start(q => q.Type == 28 ? [] : [q.Answer(WireRecord.Address("a.test", "127.0.0.1"))]);
        await using HostLookup lookup = Make(Asking(server) with { Timeout = TimeSpan.FromMinutes(10) }, TimeProvider.System);

        // Ten minutes is how long the question itself may take.
        (await AddressesAsync(lookup, "a.test").WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).ShouldBe("127.0.0.1");
    }

    [Fact]
    public async Task Lookup_NoSuchNameAndAaaaDropped_IsNotWaitedForLong()
    {
        await using ScriptedNameServer server = ScriptedNameServer.Start(q => q.Type == 28 ? [] : [q.Refusal(3)]);
        await using HostLookup lookup = Make(Asking(server) with { Timeout = TimeSpan.FromMinutes(10) }, TimeProvider.System);

        (await Should.ThrowAsync<DnsException>(() => lookup.LookupAsync("a.test", CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)))
            .Message.ShouldBe("the name a.test does not exist");
    }

    [Fact]
    public async Task Lookup_NoSuchNameSaidOfAaaaOnly_AddressesOfACount()
    {
        await using ScriptedNameServer server = ScriptedNameServer.StartAnswering(q => q.Type == 28 ? q.Refusal(3) : q.Answer(WireRecord.Address("a.test", "127.0.0.1")));
        await using HostLookup lookup = Make(Asking(server));

        (await AddressesAsync(lookup, "a.test")).ShouldBe("127.0.0.1");
    }

    private static DnsResolverOptions Asking(ScriptedNameServer server) => ResolverUnderTest.Asking(server.EndPoint);

    private HostLookup Make(DnsResolverOptions options, TimeProvider? time = null) => new(options, time ?? _time, NullLogger<DnsResolver>.Instance);

    private static async Task<string> AddressesAsync(HostLookup lookup, string name) => string.Join(' ', (await lookup.LookupAsync(name, CancellationToken.None)).Addresses);
}
