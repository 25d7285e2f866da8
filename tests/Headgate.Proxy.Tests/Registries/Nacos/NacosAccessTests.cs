using Headgate.Core.Config;
using Headgate.Core.Discovery;
using Headgate.Testing;
using Headgate.Testing.Registries;
using Headgate.Testing.Registries.Nacos;

namespace Headgate.Proxy.Tests.Registries.Nacos;

public sealed class NacosAccessTests : IAsyncLifetime
{
    private static readonly ServiceKey Orders = RegistryUnderTest.Service("nacos", "orders");

    private readonly NacosServer _server = new();
    private readonly ManualTimeProvider _time = new();

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync();
        _server.Guard.Time = _time;
        _server.Put("orders", "10.0.0.1", 80);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData(",'prefix':'/nacos/v2/'")]
    [InlineData(",'prefix':'/nacos/v3/'")]
    public async Task Login_UserInTheAddress_OnceForAllServices(string more)
    {
        _server.Guard.User = "nacos:p@ss:w/rd&1+%41";
        await using IRegistryClient client = RegistryUnderTest.Client("nacos", $"{{'host':['http://nacos:p@ss:w/rd&1+%41@{_server.Authority}']{more}}}", _time);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ServiceFollower.FirstAsync(client, Orders)));
        _server.Guard.Logins.ShouldBe(1);
        _server.CountOf(more.Contains("v3") ? "POST /nacos/v3/auth/user/login" : "POST /nacos/v1/auth/login").ShouldBe(1);
        _server.CountOf("p@ss").ShouldBe(0);
        _server.CountOf("username").ShouldBe(0);
    }

    [Fact]
    public async Task Login_BeforeATokenEnds_AnotherOneIsHad()
    {
        _server.Guard.User = "nacos:secret";
        _server.Guard.TokenLife = TimeSpan.FromSeconds(100);
        await using IRegistryClient client = Client("'auth':{'username':'nacos','password':'secret'}");
        await ServiceFollower.FirstAsync(client, Orders);
        _time.Advance(TimeSpan.FromSeconds(89));
        await ServiceFollower.FirstAsync(client, Orders);
        _server.Guard.Logins.ShouldBe(1);

        _server.Guard.LoginFails = true; // what there is stays in use until it ends
        _time.Advance(TimeSpan.FromSeconds(2));
        await ServiceFollower.FirstAsync(client, Orders);
        await ServiceFollower.FirstAsync(client, Orders);
        _server.CountOf("login").ShouldBe(2);

        _server.Guard.LoginFails = false;
        _time.Advance(TimeSpan.FromSeconds(10.5));
        await ServiceFollower.FirstAsync(client, Orders);
        _server.Guard.Logins.ShouldBe(2);
    }

    [Fact]
    public async Task Login_TokensThatTheServerForgot_AreHadAnew()
    {
        _server.Guard.User = "nacos:secret";
        await using IRegistryClient client = Client("'auth':{'username':'nacos','password':'secret'}");
        await ServiceFollower.FirstAsync(client, Orders);
        _server.Guard.ForgetTokens();
        _time.Advance(TimeSpan.FromSeconds(31)); // so young a token is not doubted
        ServiceAnswer answer = await ServiceFollower.FirstAsync(client, Orders);

        ServiceFollower.Show(answer).ShouldBe("10.0.0.1:80*1");
        _server.Guard.Logins.ShouldBe(2);
    }

    [Fact]
    public async Task Login_ServiceThatTheUserMayNotSee_IsTheServicesFailure()
    {
        _server.Guard.User = "nacos:secret";
        _server.Guard.ForbidsAll = true;
        await using IRegistryClient client = Client("'auth':{'username':'nacos','password':'secret'}");
        RegistryException failure = await ServiceFollower.FailureAsync(client, Orders);

        failure.IsOfServiceOnly.ShouldBeTrue();
        failure.Message.ShouldBe($"{_server.Url} refuses /nacos/v1/ns/instance/list: 403, with an access token");
        await ServiceFollower.FailureAsync(client, Orders);
        _server.Guard.Logins.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(31));
        (await ServiceFollower.FailureAsync(client, Orders)).IsOfServiceOnly.ShouldBeTrue();
        await ServiceFollower.FailureAsync(client, Orders);
        _server.Guard.Logins.ShouldBe(2);
    }

    [Fact]
    public async Task Login_WrongPassword_FailsWithoutTellingIt()
    {
        _server.Guard.User = "nacos:secret";
        await using IRegistryClient client = RegistryUnderTest.Client("nacos", $"{{'host':['http://nacos:wrong0ne@{_server.Authority}']}}", _time);
        RegistryException failure = await ServiceFollower.FailureAsync(client, Orders);

        failure.Message.ShouldBe($"{_server.Url} does not let the user nacos in: 403");
        failure.IsOfServiceOnly.ShouldBeFalse();
        failure.ToString().ShouldNotContain("wrong0ne");
        (await Should.ThrowAsync<RegistryException>(() => client.TestAsync(CancellationToken.None))).Message.ShouldBe(failure.Message);
    }

    [Fact]
    public async Task Login_NoneConfigured_TheRefusalIsTheRegistrys()
    {
        _server.Guard.User = "nacos:secret";
        await using IRegistryClient client = Client("'weight':5");
        RegistryException failure = await ServiceFollower.FailureAsync(client, Orders);

        failure.Message.ShouldBe($"{_server.Url} refuses /nacos/v1/ns/instance/list: 403");
        failure.IsOfServiceOnly.ShouldBeFalse();
    }

    [Fact]
    public async Task Login_AUserForEachServer_IsTheirs()
    {
        await using var other = new NacosServer();
        await other.StartAsync();
        other.Put("orders", "10.0.0.2", 80);
        (_server.Guard.User, other.Guard.User) = ("a:1", "b:2");
        await using IRegistryClient client = RegistryUnderTest.Client(
            "nacos", $"{{'host':['http://a:1@{_server.Authority}','http://{other.Authority}'],'auth':{{'username':'b','password':'2'}}}}", _time);
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, Orders)).ShouldBe("10.0.0.1:80*1");
        _server.Fails = 503;
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, Orders)).ShouldBe("10.0.0.2:80*1");
        (_server.Guard.Logins, other.Guard.Logins).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Token_OfTheSettings_IsShownAndNeverRenewed()
    {
        _server.Guard.User = "nacos:secret";
        _server.Guard.Accept("f/x+d=");
        await using IRegistryClient client = Client("'auth':{'token':'f/x+d='}");
        await ServiceFollower.FirstAsync(client, Orders);
        _server.Guard.ForgetTokens();
        RegistryException failure = await ServiceFollower.FailureAsync(client, Orders);

        failure.Message.ShouldBe($"{_server.Url} refuses /nacos/v1/ns/instance/list: 403, with an access token");
        _server.CountOf("login").ShouldBe(0);
    }

    [Fact]
    public async Task Keys_SignEveryQuestion()
    {
        _server.Guard.Key = ("LTAI", "s3cret/+");
        await using IRegistryClient client = Client("'access_key':'LTAI','secret_key':'s3cret/+'");
        await ServiceFollower.FirstAsync(client, Orders);
        ServiceFollower.Show(await ServiceFollower.FirstAsync(client, RegistryUnderTest.Service("nacos", "a b", new() { GroupName = "g" }))).ShouldBe("");
        (await client.ListServicesAsync(5, CancellationToken.None)).ShouldBe(["orders"]);
        _server.CountOf("s3cret").ShouldBe(0);

        _server.Guard.Key = ("LTAI", "another");
        (await ServiceFollower.FailureAsync(client, Orders)).Message.ShouldBe($"{_server.Url} refuses /nacos/v1/ns/instance/list: 403");
    }

    private IRegistryClient Client(string more) => RegistryUnderTest.Client("nacos", $"{{'host':['{_server.Url}'],{more}}}", _time);
}
