using System.Text;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>echo</c> through the whole gateway.</summary>
public sealed class EchoTests
{
    [Theory]
    [InlineData(1, """{"before_body":"<","after_body":">"}""", "body", true, "<body>")]
    [InlineData(2, """{"before_body":"<","after_body":">"}""", "body", false, "<body>")]
    [InlineData(1, """{"before_body":"<"}""", "", true, "<")]
    [InlineData(2, """{"after_body":">"}""", "", false, ">")]
    [InlineData(1, """{"before_body":"<","body":"new","after_body":">"}""", "body", true, "<new>")]
    [InlineData(2, """{"body":""}""", "body", false, "")]
    public async Task Body_IsSurroundedOrReplaced(int version, string config, string body, bool chunked, string expected)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            $$"""{"echo":{{config}}}""", respond: (peer, _) => NodeBodies.SendAsync(peer, Encoding.ASCII.GetBytes(body), chunked, "ETag: \"a\"\r\n"));
        for (int i = 0; i < 2; i++)
        {
            BodyAnswer answer = await gateway.ReadAsync(version, HttpMethod.Get);
            (answer.Text, answer.Field("ETag")).ShouldBe((expected, null));
            if (!chunked)
                answer.Field("Content-Length").ShouldBe(expected.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task LargeBody_WithFilterAndGzip_GoesThroughAll(int version)
    {
        byte[] body = NodeBodies.Make(1 << 20);
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """{"echo":{"before_body":"<","after_body":">"},"gzip":{"types":"*"},"response-rewrite":{"filters":[{"regex":"\\A.","replace":"FIRST"}]}}""",
            respond: (peer, _) => NodeBodies.SendAsync(peer, body, chunked: true, "Content-Type: a/b\r\n", NodeBodies.Trailers));
        BodyAnswer answer = await gateway.ReadAsync(version, HttpMethod.Get, ("Accept-Encoding", "gzip"));
        answer.Decoded().ShouldBe([.. "<"u8, .. body[..1] is [(byte)'\n'] ? [] : "FIRST"u8, .. body[..1] is [(byte)'\n'] ? body : body[1..], .. ">"u8]);
        answer.Trailers["X-Sum"].ShouldBe(["7"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Headers_AreSet_AndGatewaysOwnAnswersAreMeantToo(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """{"ip-restriction":{"blacklist":["127.0.0.1"]},"echo":{"before_body":"<","after_body":">","headers":{"X-A":"$host","X-N":1,"Content-Type":"a/b"}}}""");
        BodyAnswer answer = await gateway.ReadAsync(version, HttpMethod.Get);
        (answer.Status, answer.Field("X-A"), answer.Field("X-N"), answer.Field("Content-Type")).ShouldBe((403, "$host", "1", "a/b"));
        answer.Text.ShouldBe("<{\"message\":\"Your IP address is not allowed\"}\n>");
    }

    [Theory]
    [InlineData("{}", "object matches none of the required: [\"before_body\"] or [\"body\"] or [\"after_body\"]")]
    [InlineData("""{"headers":{"a":"b"}}""", "object matches none of the required")]
    [InlineData("""{"body":1}""", "wrong type: expected string, got number")]
    [InlineData("""{"body":"a","headers":{}}""", "expect object to have at least 1 properties")]
    [InlineData("""{"body":"a","headers":{"Connection":"x"}}""", "Connection is written by the gateway itself")]
    [InlineData("""{"body":"a","header":{}}""", "additional properties forbidden, found header")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("echo", config, text);
}
