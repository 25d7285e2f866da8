using Headgate.Proxy.Dns;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Dns;

/// <summary>Against a real name server.</summary>
public sealed class DnsmasqTests : IAsyncLifetime
{
    private DnsmasqProcess _dnsmasq = null!;
    private DnsResolver _resolver = null!;

    public async ValueTask InitializeAsync()
    {
        _dnsmasq = await DnsmasqProcess.StartAsync(
            [
                "--host-record=a.test,192.0.2.1,2001:db8::1,77", "--host-record=a.test,192.0.2.2,77", "--host-record=four.test,127.0.0.4", "--cname=alias.test,a.test,33",
                "--cname=second.test,alias.test", "--srv-host=_http._tcp.test,a.test,8080,1,10", "--srv-host=_http._tcp.test,four.test,8081,2,20",
                .. Enumerable.Range(0, 200).Select(i => $"--host-record=many.test,10.0.0.{i + 1}"),
            ]);
        _resolver = ResolverUnderTest.Make(ResolverUnderTest.Asking(_dnsmasq.EndPoint));
    }

    public async ValueTask DisposeAsync()
    {
        await _resolver.DisposeAsync();
        await _dnsmasq.DisposeAsync();
    }

    [Theory]
    [InlineData("a.test", "192.0.2.1 192.0.2.2")]
    [InlineData("alias.test", "192.0.2.1 192.0.2.2")]
    [InlineData("second.test", "192.0.2.1 192.0.2.2")]
    public async Task Ask_A_Addresses(string name, string expected) =>
        string.Join(' ', (await _resolver.AddressesAsync(name)).Split(' ').Order(StringComparer.Ordinal)).ShouldBe(expected);

    [Fact]
    public async Task Ask_Aaaa_Address() => (await _resolver.AddressesAsync("alias.test", DnsType.Aaaa)).ShouldBe("2001:db8::1");

    [Fact]
    public async Task Ask_Ttl_IsTheRecords() =>
        (await _resolver.AskAsync("a.test", DnsType.A, TestContext.Current.CancellationToken)).Records.ShouldAllBe(record => record.TtlSeconds == 77);

    [Fact]
    public async Task Ask_Srv_Records()
    {
        DnsAnswer answer = await _resolver.AskAsync("_http._tcp.test", DnsType.Srv, TestContext.Current.CancellationToken);

        answer.Records.Cast<ServiceRecord>().OrderBy(record => record.Port).Select(record => (record.Priority, record.Weight, record.Port, record.Target))
            .ShouldBe([((ushort)1, (ushort)10, (ushort)8080, "a.test"), ((ushort)2, (ushort)20, (ushort)8081, "four.test")]);
    }

    [Fact]
    public async Task Ask_MoreThanADatagramHolds_ComesWholeByTcp() => (await _resolver.AddressesAsync("many.test")).Split(' ').Length.ShouldBe(200);

    [Theory]
    [InlineData("four.test", 28, true)]
    [InlineData("none.test", 1, false)]
    public async Task Ask_WhatIsNotThere_IsNothing(string name, int type, bool exists)
    {
        DnsAnswer answer = await _resolver.AskAsync(name, (DnsType)type, TestContext.Current.CancellationToken);

        (answer.Records.Count, answer.NameExists).ShouldBe((0, exists));
    }

    [Fact]
    public async Task Lookup_Alias_AddressesOfBothFamiliesThatHaveARoute()
    {
        await using var lookup = new HostLookup(ResolverUnderTest.Asking(_dnsmasq.EndPoint), TimeProvider.System, NullLogger<DnsResolver>.Instance);

        (await lookup.LookupAsync("alias.test", TestContext.Current.CancellationToken)).Addresses.Select(a => a.ToString()).ShouldContain("192.0.2.1");
    }

    [Fact]
    public async Task Ask_ServerKilledAndStartedAgain_AnErrorThenAnswers()
    {
        await _dnsmasq.KillAsync();
        (await Should.ThrowAsync<DnsException>(() => _resolver.AddressesAsync("a.test"))).Message.ShouldContain("Connection refused");

        await _dnsmasq.RestartAsync();

        (await _resolver.AddressesAsync("a.test")).ShouldNotBeEmpty();
    }
}
