using System.Security.Cryptography.X509Certificates;
using Headgate.Core.Config;
using Headgate.Core.Discovery;
using Headgate.Testing;
using Headgate.Testing.Registries;
using Headgate.Testing.Registries.Nacos;

namespace Headgate.Proxy.Tests.Registries.Nacos;

public sealed class NacosFaultTests : IAsyncLifetime
{
    private static readonly ServiceKey Orders = RegistryUnderTest.Service("nacos", "orders");

    private readonly NacosServer _server = new();
    private readonly NacosServer _other = new();

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync();
        await _other.StartAsync();
        _server.Put("orders", "10.0.0.1", 80);
        _other.Put("orders", "10.0.0.1", 80);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Theory]
    [InlineData("[]", "answers to /nacos/v1/ns/instance/list without hosts, a list")]
    [InlineData("{}", "without hosts, a list")]
    [InlineData("{\"hosts\":null}", "without hosts, a list")]
    [InlineData("{\"hosts\":{}}", "without hosts, a list")]
    [InlineData("{\"hosts\":[", "answers to /nacos/v1/ns/instance/list with what is no JSON")]
    [InlineData("<html>", "with what is no JSON")]
    [InlineData("{\"hosts\":[{\"ip\":\"a b\",\"port\":80}]}", "with nothing but garbage: hosts[0]: \"a b\" is no host")]
    [InlineData("{\"hosts\":[5,{\"port\":80}]}", "with nothing but garbage: hosts[0]: it is no object")]
    [InlineData("{\"hosts\":[{\"ip\":\"10.0.0.1\",\"port\":\"80\"}]}", "with nothing but garbage: hosts[0].port: it is no whole number")]
    [InlineData("{\"hosts\":[{\"ip\":\"10.0.0.1\",\"port\":80,\"weight\":\"1\"}]}", "with nothing but garbage: hosts[0].weight: it is no number")]
    public async Task Follow_Garbage_IsAFailureThatNamesTheField(string said, string failure)
    {
        _server.Says = said;
        await using IRegistryClient client = Client(_server);
        (await ServiceFollower.FailureAsync(client, Orders)).Message.ShouldContain(failure);
    }

    [Fact]
    public async Task Follow_SomeInstancesMalformed_TheOthersCount()
    {
        _server.Says = """
            {"hosts":[{"ip":"10.0.0.1","port":80,"weight":2.0},{"ip":"10.0.0.2","port":0,"weight":1},{"ip":"10.0.0.3","port":80,"weight":-1},null,
            {"ip":"::1","port":81,"weight":1,"metadata":{"gRPC_port":"x"}},{"ip":7,"port":80}]}
            """;
        await using IRegistryClient client = Client(_server);
        ServiceAnswer answer = await ServiceFollower.FirstAsync(client, Orders);

        ServiceFollower.Show(answer).ShouldBe("10.0.0.1:80*2 [::1]:81*1");
        answer.Problems.ShouldBe([
            "hosts[3]: it is no object", "hosts[1]: the port of 10.0.0.2 is 0; allowed: 1 to 65535", "hosts[2]: the weight of 10.0.0.3 is -1; allowed: 0 to 2147483647",
            "hosts[5]: nothing is no host"]);
        (await ServiceFollower.FirstAsync(client, RegistryUnderTest.Service("nacos", "orders", new() { PrefersGrpcPort = true }))).Problems[1]
            .ShouldBe("hosts[4].metadata.gRPC_port: it is no port");
        (await ServiceFollower.FirstAsync(client, RegistryUnderTest.Service("nacos", "orders", RegistryUnderTest.Metadata(("no", "such"))))).Instances.ShouldBeEmpty();
    }

    [Fact]
    public async Task Follow_OneServerIsBad_TheOtherIsAskedFromThenOn()
    {
        await using IRegistryClient client = Client(_server, _other);
        foreach (Action<NacosServer> fault in new Action<NacosServer>[] { s => s.Fails = 500, s => s.Says = "{}", s => s.Says = "<", s => s.Fails = 403, s => s.Hangs = true })
        {
            // Whichever is asked first is the bad one.
            (NacosServer bad, NacosServer good) = _other.Asked.IsEmpty || _server.Asked.Count > _other.Asked.Count ? (_server, _other) : (_other, _server);
            fault(bad);
            ServiceFollower.Show(await ServiceFollower.FirstAsync(client, Orders)).ShouldBe("10.0.0.1:80*1");
            int asked = bad.Asked.Count;
            for (int i = 0; i < 20; i++)
                await ServiceFollower.FirstAsync(client, Orders);
            bad.Asked.Count.ShouldBe(asked);
            good.Asked.Count.ShouldBeGreaterThanOrEqualTo(20);
            (bad.Fails, bad.Says, bad.Hangs) = (0, null, false);
            bad.Asked.Clear();
        }
    }

    [Fact]
    public async Task Follow_AllBad_FailsWithAllReasonsAndBeginsAgain()
    {
        await using IRegistryClient client = Client(_server, _other);
        (_server.Fails, _other.Hangs) = (500, true);
        (await ServiceFollower.FailureAsync(client, Orders)).Message.ShouldBe($"{_server.Url} answers 500 to /nacos/v1/ns/instance/list; {_other.Url} does not answer in time");
        (_server.Fails, _other.Hangs) = (0, false);
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, Orders)).ShouldBe("10.0.0.1:80*1");
    }

    [Fact]
    public async Task Follow_ServerGoneWhileFollowing_FailsOnce()
    {
        var time = new ManualTimeProvider();
        var server = new NacosServer();
        await server.StartAsync();
        await using IRegistryClient client = RegistryUnderTest.Client("nacos", $"{{'host':['{server.Url}'],'fetch_interval':1}}", time);
        await using var orders = new ServiceFollower(client, Orders);
        await orders.ShowsAsync("");
        await server.DisposeAsync();
        await Eventually.HoldsAsync(() => time.ActiveTimers > 0, "waiting");
        time.Advance(TimeSpan.FromSeconds(1));
        await orders.FailsAsync();
        orders.Failure!.Message.ShouldBe($"{server.Url}: Connection refused");
        orders.Answers.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Follow_CertificatesOfServers_AreVerifiedUnlessToldOtherwise()
    {
        using var authority = new TestCertificates();
        using X509Certificate2 good = authority.Issue("127.0.0.1");
        await using var server = new NacosServer(good);
        await server.StartAsync();
        server.Put("orders", "10.0.0.9", 80);
        string pem = authority.AuthorityPem.ReplaceLineEndings("\\n");

        await using IRegistryClient trusting = RegistryUnderTest.Client("nacos", $"{{'host':['{server.Url}'],'ca_certs':['{pem}']}}");
        ServiceFollower.Show(await ServiceFollower.FirstAsync(trusting, Orders)).ShouldBe("10.0.0.9:80*1");
        await using IRegistryClient blind = RegistryUnderTest.Client("nacos", $"{{'host':['{server.Url}'],'ssl_verify':false}}");
        ServiceFollower.Show(await ServiceFollower.FirstAsync(blind, Orders)).ShouldBe("10.0.0.9:80*1");
        await using IRegistryClient strict = RegistryUnderTest.Client("nacos", $"{{'host':['{server.Url}']}}");
        (await ServiceFollower.FailureAsync(strict, Orders)).Message.ShouldStartWith($"{server.Url}: The remote certificate is invalid");

        using X509Certificate2 expired = authority.IssueExpired("127.0.0.1");
        await using var late = new NacosServer(expired);
        await late.StartAsync();
        await using IRegistryClient wary = RegistryUnderTest.Client("nacos", $"{{'host':['{late.Url}'],'ca_certs':['{pem}']}}");
        (await ServiceFollower.FailureAsync(wary, Orders)).Message.ShouldContain("NotTimeValid");
    }

    private static IRegistryClient Client(params NacosServer[] servers) =>
        RegistryUnderTest.Client("nacos", $"{{'host':[{string.Join(',', servers.Select(server => $"'{server.Url}'"))}],'timeout':{{'connect':2000,'send':100,'read':200}}}}");
}
