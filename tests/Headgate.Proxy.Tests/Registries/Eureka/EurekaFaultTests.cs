using System.Security.Cryptography.X509Certificates;
using Headgate.Core.Config;
using Headgate.Core.Discovery;
using Headgate.Testing;
using Headgate.Testing.Registries;
using Headgate.Testing.Registries.Eureka;

namespace Headgate.Proxy.Tests.Registries.Eureka;

public sealed class EurekaFaultTests : IAsyncLifetime
{
    private static readonly ServiceKey Orders = RegistryUnderTest.Service("eureka", "ORDERS");

    private readonly EurekaServer _server = new();
    private readonly EurekaServer _other = new();

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync();
        await _other.StartAsync();
        _server.Put("orders", "10.0.0.1", 80);
        _other.Put("orders", "10.0.0.2", 80);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Theory]
    [InlineData("[]", "answers to /eureka/apps without applications, an object")]
    [InlineData("{\"applications\":null}", "without applications, an object")]
    [InlineData("{\"applications\":", "answers to /eureka/apps with what is no JSON")]
    [InlineData("<applications/>", "with what is no JSON")]
    [InlineData("{\"applications\":{\"application\":[{\"instance\":[]}]}}", "with nothing but garbage: applications.application[0].name: it is no text")]
    [InlineData("{\"applications\":{\"application\":{\"name\":\"ORDERS\",\"instance\":[5]}}}", "with nothing but garbage: applications.application[0].instance[0]: it has no instanceId and no hostName")]
    [InlineData("{\"applications\":{\"application\":{\"name\":\"ORDERS\",\"instance\":{\"hostName\":\"a\",\"status\":\"UP\"}}}}", "nothing of ORDERS can be understood: ORDERS/a: neither port nor securePort is an enabled one")]
    public async Task Follow_Garbage_IsAFailureThatNamesTheField(string said, string failure)
    {
        _server.Says = said;
        await using IRegistryClient client = Client(_server);
        (await ServiceFollower.FailureAsync(client, Orders)).Message.ShouldContain(failure);
    }

    [Fact]
    public async Task Follow_NoApplicationAtAll_IsAnAnswer()
    {
        _server.Says = """{"applications":{"versions__delta":"1","apps__hashcode":""}}""";
        await using IRegistryClient client = Client(_server);
        (await ServiceFollower.FirstAsync(client, Orders)).Instances.ShouldBeEmpty();
    }

    [Fact]
    public async Task Follow_SomeInstancesMalformed_TheOthersCount()
    {
        _server.Put("orders", "10.0.0.3", 0);
        _server.Put("orders", "10.0.0.4", 80, more: """ "metadata":{"weight":"heavy"} """);
        _server.Put("orders", "10.0.0.5", 80, more: """ "port":{"$":80,"@enabled":"false"} """);
        _server.Put("orders", "10.0.0.6", 80, more: """ "ipAddr":"a b" """);
        _server.Put("orders", "10.0.0.7", 80, "DOWN", """ "port":null """);
        _server.Put("orders", "10.0.0.8", 80, more: """ "ipAddr":"::1","metadata":{"weight":"2.6"} """);
        await using IRegistryClient client = Client(_server);
        ServiceAnswer answer = await ServiceFollower.FirstAsync(client, Orders);

        ServiceFollower.Show(answer).ShouldBe("10.0.0.1:80*100 [::1]:80*3");
        answer.Problems.ShouldBe([
            "ORDERS/10.0.0.3:0: the port of 10.0.0.3 is 0; allowed: 1 to 65535", "ORDERS/10.0.0.4:80: metadata.weight is no number",
            "ORDERS/10.0.0.5:80: neither port nor securePort is an enabled one", "ORDERS/10.0.0.6:80: \"a b\" is no host"]);
    }

    [Fact]
    public async Task Follow_ServerFailsWhileFollowing_TheNextOneIsReadAsAWhole()
    {
        var time = new ManualTimeProvider();
        await using IRegistryClient client = Client(time, _server, _other);
        await using var orders = new ServiceFollower(client, Orders);
        await orders.ShowsAsync("10.0.0.1:80*100");
        foreach (Action<EurekaServer> fault in new Action<EurekaServer>[] { s => s.Fails = 500, s => s.Says = "{}", s => s.Fails = 401 })
        {
            (EurekaServer bad, EurekaServer good) = orders.Shown == "10.0.0.1:80*100" ? (_server, _other) : (_other, _server);
            fault(bad);
            int whole = good.WholeReads;
            string shown = good == _server ? "10.0.0.1:80*100" : "10.0.0.2:80*100";
            await Eventually.HoldsAsync(
                () =>
                {
                    time.Advance(TimeSpan.FromSeconds(1));
                    return orders.Shown == shown;
                },
                "the other server's instances");
            good.WholeReads.ShouldBe(whole + 1);
            (bad.Fails, bad.Says) = (0, null);
        }

        orders.Failure.ShouldBeNull();
    }

    [Fact]
    public async Task Follow_AllServersBad_EveryFollowerFailsAndTheNextBeginsAnew()
    {
        (_server.Hangs, _other.Fails) = (true, 503);
        await using IRegistryClient client = Client(_server, _other);
        await using var orders = new ServiceFollower(client, Orders);
        await using var users = new ServiceFollower(client, RegistryUnderTest.Service("eureka", "users"));
        await orders.FailsAsync();
        await users.FailsAsync();
        orders.Failure!.Message.ShouldBe($"{_server.Url} does not answer in time; {_other.Url} answers 503 to /eureka/apps");
        (await Should.ThrowAsync<RegistryException>(() => client.TestAsync(CancellationToken.None))).Message.ShouldBe($"{_server.Url} does not answer in time; {_other.Url} answers 503 to /eureka/apps/delta");

        (_server.Hangs, _other.Fails) = (false, 0);
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, Orders)).ShouldBe("10.0.0.1:80*100");
    }

    [Fact]
    public async Task Follow_UserInTheAddress_IsShownToThatServer()
    {
        _server.User = "eureka:p@ss:w/rd";
        await using IRegistryClient client = RegistryUnderTest.Client("eureka", $"{{'host':['http://eureka:p@ss:w/rd@{_server.Authority}/eureka']}}");
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, Orders)).ShouldBe("10.0.0.1:80*100");
        _server.User = "eureka:another";
        (await ServiceFollower.FailureAsync(client, Orders)).Message.ShouldBe($"{_server.Url} answers 401 to /eureka/apps");
        (await Should.ThrowAsync<RegistryException>(() => client.TestAsync(CancellationToken.None))).ToString().ShouldNotContain("p@ss");
    }

    [Fact]
    public async Task Follow_UserOfAuth_IsShownToServersWhoseAddressNamesNone()
    {
        (_server.User, _other.User) = ("own:1", "gateway:s3cret");
        string hosts = $"'host':['http://own:1@{_server.Authority}','{_other.Url}'],'prefix':'eureka'";
        await using IRegistryClient client = RegistryUnderTest.Client("eureka", $"{{{hosts},'auth':{{'username':'gateway','password':'s3cret'}}}}");
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, Orders)).ShouldBe("10.0.0.1:80*100");
        _server.Fails = 503;
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, Orders)).ShouldBe("10.0.0.2:80*100");
        await client.TestAsync(CancellationToken.None);

        await using IRegistryClient nobody = RegistryUnderTest.Client("eureka", $"{{'host':['{_other.Url}'],'prefix':'eureka'}}");
        (await ServiceFollower.FailureAsync(nobody, Orders)).Message.ShouldBe($"{_other.Url} answers 401 to /eureka/apps");
    }

    [Fact]
    public async Task Follow_CertificatesOfServers_AreVerifiedWhenAskedFor()
    {
        using var authority = new TestCertificates();
        using X509Certificate2 expired = authority.IssueExpired("127.0.0.1");
        await using var server = new EurekaServer(expired);
        await server.StartAsync();
        server.Put("orders", "10.0.0.9", 80);

        await using IRegistryClient blind = RegistryUnderTest.Client("eureka", $"{{'host':['{server.Url}/eureka']}}");
        ServiceFollower.Show(await ServiceFollower.FirstAsync(blind, Orders)).ShouldBe("10.0.0.9:80*100");
        string pem = authority.AuthorityPem.ReplaceLineEndings("\\n");
        await using IRegistryClient wary = RegistryUnderTest.Client("eureka", $"{{'host':['{server.Url}/eureka'],'ca_certs':['{pem}']}}");
        (await ServiceFollower.FailureAsync(wary, Orders)).Message.ShouldContain("NotTimeValid");
    }

    private static IRegistryClient Client(params EurekaServer[] servers) => Client(null, servers);

    private static IRegistryClient Client(TimeProvider? time, params EurekaServer[] servers) => RegistryUnderTest.Client(
        "eureka", $"{{'host':[{string.Join(',', servers.Select(server => $"'{server.Url}'"))}],'prefix':'eureka','timeout':{{'connect':1000,'send':500,'read':{(time is null ? 500 : 3600000)}}}}}", time);
}
