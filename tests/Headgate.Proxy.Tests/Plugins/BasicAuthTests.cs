using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>basic-auth</c> through the whole gateway.</summary>
public sealed class BasicAuthTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Password_OfAConsumer_PassesAndTellsTheNode(int version)
    {
        await using PluginGateway gateway = await StartAsync("{}");
        PluginAnswer answer = await gateway.GetAsync(version, "/", Basic("jack:s3cret"), ("X-Consumer-Username", "root"));
        answer.Status.ShouldBe(200);
        answer.Seen("X-Consumer-Username").ShouldBe(["jack"]);
        answer.Seen("Authorization").ShouldBe([Basic("jack:s3cret").Value]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Password_OfACredential_IsNamedToTheNode(int version)
    {
        await using PluginGateway gateway = await StartAsync("""{"hide_credentials":true}""");
        gateway.Gateway.Put(ResourceKind.Credential, "jack/credentials/c1", """{"plugins":{"basic-auth":{"username":"j2","password":"a:b c"}}}""");
        PluginAnswer answer = await gateway.GetAsync(version, "/", Basic("j2:a:b c"));
        answer.Seen("X-Credential-Identifier").ShouldBe(["c1"]);
        answer.Seen("Authorization").ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null, "Missing authorization in request")]
    [InlineData("", "Invalid authorization in request")]
    [InlineData("Basic", "Invalid authorization in request")]
    [InlineData("Bearer amFjazpzM2NyZXQ=", "Invalid authorization in request")]
    [InlineData("Basicamphbms6YQ==", "Invalid authorization in request")]
    [InlineData("Basic amFjazpz*2NyZXQ=", "Invalid authorization in request")]
    [InlineData("Basic amFjazpz M2NyZXQ=", "Invalid authorization in request")]
    [InlineData("Basic amFjaw==", "Invalid authorization in request")] // no colon
    [InlineData("Basic amFjazpzM2NyZXQ=amFjazpzM2NyZXQ=", "Invalid authorization in request")]
    [InlineData("Basic amFjazpzM2NyZXQ=amF", "Invalid authorization in request")]
    [InlineData("Basic amFjazo=", "Invalid user authorization")] // jack:
    [InlineData("Basic amFjazpzM2NyZXRl", "Invalid user authorization")] // jack:s3crete
    [InlineData("Basic amFjazpzM2NyZXQA", "Invalid user authorization")] // jack:s3cret\0
    [InlineData("Basic amltOnMzY3JldA==", "Invalid user authorization")] // jim:s3cret
    [InlineData("Basic Ong=", "Invalid user authorization")] // :x
    public async Task Authorization_MissingOrWrong_IsChallenged(string? value, string message)
    {
        await using PluginGateway gateway = await StartAsync("""{"realm":"the house"}""");
        foreach (int version in (int[])[1, 2])
        {
            PluginAnswer answer = await gateway.GetAsync(version, "/", value is null ? [] : [("Authorization", value)]);
            (answer.Status, answer.Body).ShouldBe((401, $"{{\"message\":\"{message}\"}}\n"));
            answer.Fields["WWW-Authenticate"].ShouldBe(["Basic realm=\"the house\""]);
        }

        gateway.Requests.ShouldBe(0);
    }

    [Theory]
    [InlineData("basic amFjazpzM2NyZXQ")] // without padding, as nginx takes it
    [InlineData("BASIC   amFjazpzM2NyZXQ=")]
    public async Task Authorization_InOtherForms_Passes(string value)
    {
        await using PluginGateway gateway = await StartAsync("{}");
        (await gateway.GetAsync(1, "/", ("Authorization", value))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(280)]
    [InlineData(281)]
    [InlineData(4000)]
    public async Task Password_OfAnyLength_Passes(int length)
    {
        string password = new('é', length);
        await using PluginGateway gateway = await StartAsync("{}", password);
        (await gateway.GetAsync(1, "/", Basic("jack:" + password))).Status.ShouldBe(200);
        (await gateway.GetAsync(1, "/", Basic("jack:" + password[1..]))).Status.ShouldBe(401);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Anonymous_TakesWhatIsNobodys(int version)
    {
        await using PluginGateway gateway = await StartAsync("""{"anonymous_consumer":"guest","hide_credentials":true}""");
        PluginAnswer refused = await gateway.GetAsync(version);
        (refused.Status, refused.Body).ShouldBe((401, "{\"message\":\"Invalid user authorization\"}\n"));
        gateway.Gateway.Put(ResourceKind.Consumer, "guest", """{"username":"guest"}""");
        PluginAnswer answer = await gateway.GetAsync(version, "/", Basic("jack:wrong"));
        answer.Seen("X-Consumer-Username").ShouldBe(["guest"]);
        answer.Seen("Authorization").ShouldBeEmpty();
    }

    [Fact]
    public async Task ChangedPassword_ActsAtOnce()
    {
        await using PluginGateway gateway = await StartAsync("{}");
        gateway.Gateway.Put(ResourceKind.Consumer, "jack", Consumer("other"));
        (await gateway.GetAsync(1, "/", Basic("jack:s3cret"))).Status.ShouldBe(401);
        (await gateway.GetAsync(1, "/", Basic("jack:other"))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("""{"realm":""}""", "property \"realm\" validation failed: string too short, expected at least 1, got 0")]
    [InlineData("""{"hide_credential":true}""", "additional properties forbidden, found hide_credential (did you mean hide_credentials?)")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("basic-auth", config, text);

    [Theory]
    [InlineData("""{"username":"a"}""", "property \"password\" is required")]
    [InlineData("""{"password":"a"}""", "property \"username\" is required")]
    [InlineData("""{"username":"a","password":1}""", "property \"password\" validation failed: wrong type: expected string, got number")]
    [InlineData("""{"username":"a","password":"b","pasword":"b"}""", "additional properties forbidden, found pasword")]
    public void Credential_Wrong_IsRefused(string credential, string text) => PluginConfigs.ShouldRefuseCredential("basic-auth", credential, text);

    [Fact]
    public void Credential_NameThatNobodyCanSend_IsWarnedAbout()
    {
        PluginConfigs.ReadCredential("basic-auth", """{"username":"a:b","password":"c"}""", out IReadOnlyList<ConfigError> warnings);
        warnings.ShouldHaveSingleItem().Message.ShouldStartWith("username: a colon ends the name");
    }

    [Fact]
    public void Credential_Equal_BehavesEqually()
    {
        PluginConfig read = PluginConfigs.ReadCredential("basic-auth", """{"username":"a","password":"b"}""", out _);
        PluginConfigs.ReadCredential("basic-auth", """{"password":"b","username":"a"}""", out _).ShouldBe(read);
        PluginConfigs.ReadCredential("basic-auth", """{"username":"a","password":"c"}""", out _).ShouldNotBe(read);
    }

    private static (string Name, string Value) Basic(string pair) => ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));

    private static string Consumer(string password) => $$$"""{"username":"jack","plugins":{"basic-auth":{"username":"jack","password":"{{{password}}}"} } }""";

    private static async Task<PluginGateway> StartAsync(string config, string password = "s3cret")
    {
        PluginGateway gateway = await PluginGateway.StartAsync($$"""{"basic-auth":{{config}}}""");
        gateway.Gateway.Put(ResourceKind.Consumer, "jack", Consumer(password));
        return gateway;
    }
}
