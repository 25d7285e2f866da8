using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Headgate.Proxy.Plugins.Csrf;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>csrf</c> through the whole gateway.</summary>
public sealed class CsrfTests
{
    private const string Name = "apisix-csrf-token";
    private const string Plugin = """{"csrf":{"key":"hush"}}""";

    [Fact]
    public async Task Request_ThatChanges_NeedsTheTokenTwice()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(Plugin);
        foreach (int version in (int[])[1, 2])
        {
            string token = await TokenAsync(gateway, version);
            (await PostAsync(gateway, version)).ShouldBe((401, "{\"error_msg\":\"no csrf token in headers\"}\n"));
            (await PostAsync(gateway, version, (Name, ""))).ShouldBe((401, "{\"error_msg\":\"no csrf token in headers\"}\n"));
            (await PostAsync(gateway, version, (Name, token))).ShouldBe((401, "{\"error_msg\":\"no csrf cookie\"}\n"));
            (await PostAsync(gateway, version, (Name, token), ("Cookie", $"{Name}=other"))).ShouldBe((401, "{\"error_msg\":\"csrf token mismatch\"}\n"));
            (await PostAsync(gateway, version, (Name, "other"), ("Cookie", $"{Name}=other"))).ShouldBe((401, "{\"error_msg\":\"Failed to verify the csrf token signature\"}\n"));
            (await PostAsync(gateway, version, (Name, token), ("Cookie", $"a=b; {Name}={token}; c=d"))).Status.ShouldBe(200);
        }

        gateway.Requests.ShouldBe(4);
    }

    [Theory]
    [InlineData("GET", 200)]
    [InlineData("HEAD", 200)]
    [InlineData("OPTIONS", 200)]
    [InlineData("DELETE", 401)]
    [InlineData("PATCH", 401)]
    public async Task Request_ByItsMethod_NeedsATokenOrNot(string method, int status)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(Plugin);
        PluginAnswer answer = await gateway.SendAsync(1, new HttpRequestMessage(new HttpMethod(method), $"http://127.0.0.1:{gateway.Gateway.Port}/"));
        answer.Status.ShouldBe(status);
        answer.Fields["Set-Cookie"].Count().ShouldBe(1, "each answer brings a new one");
    }

    [Fact]
    public async Task Answer_Cookie_HasApisixForm()
    {
        var time = new ManualTimeProvider();
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"csrf":{"key":"hush","name":"t","expires":60}}""", time: time);
        string cookie = (await gateway.GetAsync(1)).Fields["Set-Cookie"].ShouldHaveSingleItem();
        cookie.ShouldMatch("^t=[A-Za-z0-9+/]+=*;path=/;SameSite=Lax;Expires=[A-Z][a-z]{2}, \\d\\d-[A-Z][a-z]{2}-(\\d\\d){1,2} \\d\\d:\\d\\d:\\d\\d GMT$");

        using JsonDocument token = JsonDocument.Parse(Convert.FromBase64String(cookie[2..cookie.IndexOf(';')]));
        string random = token.RootElement.GetProperty("random").GetRawText(), expires = token.RootElement.GetProperty("expires").GetRawText();
        random.ShouldMatch("^0\\.[1-9][0-9]{11}[1-9]$");
        expires.ShouldBe(time.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        string signed = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{{expires:{expires},random:{random},key:hush}}")));
        token.RootElement.GetProperty("sign").GetString().ShouldBe(signed);
    }

    [Fact]
    public async Task Token_TooOld_IsRefused()
    {
        var time = new ManualTimeProvider();
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"csrf":{"key":"hush","expires":60}}""", time: time);
        string token = await TokenAsync(gateway, 1);
        time.Advance(TimeSpan.FromSeconds(60));
        (await PostAsync(gateway, 1, (Name, token), ("Cookie", $"{Name}={token}"))).Status.ShouldBe(200);
        time.Advance(TimeSpan.FromSeconds(1));
        (await PostAsync(gateway, 1, (Name, token), ("Cookie", $"{Name}={token}"))).Status.ShouldBe(401);
        gateway.Put("""{"csrf":{"key":"hush","expires":0}}""");
        (await PostAsync(gateway, 1, (Name, token), ("Cookie", $"{Name}={token}"))).Status.ShouldBe(200, "without a limit");
        gateway.Put("""{"csrf":{"key":"other","expires":0}}""");
        (await PostAsync(gateway, 1, (Name, token), ("Cookie", $"{Name}={token}"))).Status.ShouldBe(401, "with another key");
    }

    [Theory]
    [InlineData("""{"random":0.5,"expires":100,"sign":"SIGN"}""", true)]
    [InlineData("""{"sign":"SIGN","expires":100,"random":0.5}""", true)]
    [InlineData("""{"random":0.5,"expires":99,"sign":"SIGN"}""", false)]
    [InlineData("""{"random":0.4,"expires":100,"sign":"SIGN"}""", false)]
    [InlineData("""{"random":0.5,"sign":"SIGN"}""", false)]
    [InlineData("""{"expires":100,"sign":"SIGN"}""", false)]
    [InlineData("""{"random":0.5,"expires":100}""", false)]
    [InlineData("""{"random":0.5,"expires":100,"sign":"SIGN","more":[]}""", false)]
    [InlineData("""{"random":0.5,"expires":100,"sign":"SIGN" """, false)]
    [InlineData("[]", false)]
    [InlineData("", false)]
    public void IsGood_Json_NeedsWhatWasSigned(string json, bool good)
    {
        string sign = Convert.ToHexStringLower(SHA256.HashData("{expires:100,random:0.5,key:k}"u8));
        byte[] token = Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.ASCII.GetBytes(json.Replace("SIGN", sign))));
        new CsrfToken("k").IsGood(token, 100).ShouldBe(good);
        new CsrfToken("k").IsGood(token, 101).ShouldBeFalse();
    }

    [Fact]
    public void Write_AnyNumber_IsGoodAndShort()
    {
        var tokens = new CsrfToken("k");
        Span<byte> token = stackalloc byte[CsrfToken.BytesMax];
        foreach (ulong random in (ulong[])[0, 1, 9, 10, ulong.MaxValue, 9_000_000_000_000, 8_999_999_999_999])
        {
            int length = tokens.Write(random, 2_000_000_000, token);
            tokens.IsGood(token[..length], 2_000_000_000).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("{}", "property \"key\" is required")]
    [InlineData("""{"key":1}""", "property \"key\" validation failed: wrong type: expected string, got number")]
    [InlineData("""{"key":"k","expires":"a"}""", "property \"expires\" validation failed: wrong type: expected integer, got string")]
    [InlineData("""{"key":"k","name":"a b"}""", "is no name of a cookie and of a header field")]
    [InlineData("""{"key":"k","expire":1}""", "additional properties forbidden, found expire")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("csrf", config, text);

    private static async Task<string> TokenAsync(PluginGateway gateway, int version)
    {
        string cookie = (await gateway.GetAsync(version)).Fields["Set-Cookie"].ShouldHaveSingleItem();
        return cookie[(Name.Length + 1)..cookie.IndexOf(';')];
    }

    private static async Task<(int Status, string Body)> PostAsync(PluginGateway gateway, int version, params (string Name, string Value)[] fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{gateway.Gateway.Port}/") { Content = new StringContent("a") };
        PluginAnswer answer = await gateway.SendAsync(version, request, fields);
        return (answer.Status, answer.Body);
    }
}
