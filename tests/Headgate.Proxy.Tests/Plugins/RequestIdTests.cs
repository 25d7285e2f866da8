namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>request-id</c> through the whole gateway.</summary>
public sealed class RequestIdTests
{
    [Theory]
    [InlineData(1, "{}", "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
    [InlineData(2, "{}", "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
    [InlineData(1, """{"algorithm":"uuidv7"}""", "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
    [InlineData(1, """{"algorithm":"nanoid"}""", "^[-_0-9a-zA-Z]{21}$")]
    [InlineData(1, """{"algorithm":"range_id","range_id":{"length":8,"char_set":"abcdef"}}""", "^[a-f]{8}$")]
    public async Task Request_WithoutId_GetsOneOnBothSides(int version, string config, string pattern)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"request-id":{{config}}}""");
        PluginAnswer answer = await gateway.GetAsync(version);
        string id = answer.Seen("X-Request-Id").ShouldHaveSingleItem();
        id.ShouldMatch(pattern);
        answer.Fields["X-Request-Id"].ShouldBe([id]);
        (await gateway.GetAsync(version)).Fields["X-Request-Id"].ShouldNotBe([id]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Request_WithId_KeepsIt(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"request-id":{"header_name":"X-My-Id"}}""");
        PluginAnswer answer = await gateway.GetAsync(version, "/", ("x-my-id", "mine"));
        answer.Seen("X-My-Id").ShouldBe(["mine"]);
        answer.Fields["X-My-Id"].ShouldBe(["mine"]);
    }

    [Fact]
    public async Task NodeAnswers_WithAnId_ItsOwnStays()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"request-id":{}}""", "200 OK\r\nX-Request-Id: the-nodes\r\n");
        (await gateway.GetAsync(1)).Fields["X-Request-Id"].ShouldBe(["the-nodes"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Refusal_OfAnotherPlugin_HasTheId(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"request-id":{},"ip-restriction":{"blacklist":["127.0.0.1"]}}""");
        PluginAnswer answer = await gateway.GetAsync(version, "/", ("X-Request-Id", "mine"));
        (answer.Status, answer.Fields["X-Request-Id"].Single()).ShouldBe((403, "mine"));
    }

    [Fact]
    public async Task NotInResponse_ClientIsNotTold()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"request-id":{"include_in_response":false}}""");
        PluginAnswer answer = await gateway.GetAsync(1);
        answer.Seen("X-Request-Id").Length.ShouldBe(1);
        answer.Fields["X-Request-Id"].ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"algorithm":"ksuid"}""", "property \"algorithm\" validation failed: matches none of the enum values (given \"ksuid\"; allowed: uuid, uuidv7, nanoid, range_id)")]
    [InlineData("""{"header_name":"Host"}""", "plugins.request-id.header_name: Host cannot be set")]
    [InlineData("""{"header_name":"a b"}""", "plugins.request-id.header_name: a b cannot be set")]
    [InlineData("""{"range_id":{"length":5}}""", "property \"length\" validation failed: expected 5 to be at least 6")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("request-id", config, text);
}
