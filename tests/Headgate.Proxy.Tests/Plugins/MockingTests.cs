using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>mocking</c> through the whole gateway.</summary>
public sealed class MockingTests
{
    private const string Schema = """
        {"type":"object","properties":{
            "id":{"type":"integer","example":17.9},"name":{"type":"string","example":"a \"b\" $arg_x"},"price":{"type":"number","example":1.50},"is":{"type":"boolean","example":true},
            "text":{"type":"string"},"count":{"type":"Integer"},"share":{"type":"number"},"flag":{"type":"boolean"},
            "list":{"type":"array","items":{"type":"string"}},"objects":{"type":"array","items":{"type":"object","properties":{"in":{"type":"integer"}}}},
            "empty":{"type":"object"},"nothing":{"type":"null"},"loose":{"type":"array"}}}
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Example_IsAnsweredWithItsVariables(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """{"mocking":{"response_status":201,"content_type":"text/plain","response_example":"$request_method $uri $arg_none,","response_headers":{"X-A":"$arg_a","X-N":1}}}""");
        PluginAnswer answer = await gateway.GetAsync(version, "/x?a=7");
        (answer.Status, answer.Body).ShouldBe((201, "GET /x ,"));
        (answer.Fields["Content-Type"].Single(), answer.Fields["X-A"].Single(), answer.Fields["X-N"].Single(), answer.Fields["x-mock-by"].Single()).ShouldBe(("text/plain", "7", "1", "Headgate"));
        gateway.Requests.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task LargeExample_ArrivesWhole(int version)
    {
        string body = new('x', 1 << 20);
        await using PluginGateway gateway = await PluginGateway.StartAsync($$$"""{"mocking":{"response_example":"{{{body}}}","with_mock_header":false}}""");
        for (int i = 0; i < 2; i++)
        {
            BodyAnswer answer = await gateway.ReadAsync(version, HttpMethod.Get);
            answer.Text.ShouldBe(body);
            answer.Fields["x-mock-by"].ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Schema_AsJson_HasWhatItDescribes()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$$"""{"mocking":{"response_schema":{{{Schema}}}}}""");
        var texts = new HashSet<string>();
        for (int i = 0; i < 20; i++)
        {
            BodyAnswer answer = await gateway.ReadAsync(1 + (i % 2), HttpMethod.Get, "/?x=y");
            answer.Fields["Content-Type"].ShouldBe(["application/json; charset=utf8"]);
            JsonElement body = JsonDocument.Parse(answer.Text).RootElement;
            (body.GetProperty("id").GetInt32(), body.GetProperty("name").GetString(), body.GetProperty("price").GetDouble(), body.GetProperty("is").GetBoolean()).ShouldBe((17, "a \"b\" y", 1.5, true));
            string text = body.GetProperty("text").GetString()!;
            text.Length.ShouldBeInRange(1, 10);
            text.ShouldAllBe(letter => char.IsAsciiLetterLower(letter));
            texts.Add(text);
            body.GetProperty("count").GetInt32().ShouldBeInRange(1, 10_000);
            body.GetProperty("share").GetDouble().ShouldBeInRange(0, 10_000);
            body.GetProperty("flag").ValueKind.ShouldBeOneOf(JsonValueKind.True, JsonValueKind.False);
            body.GetProperty("list").GetArrayLength().ShouldBeInRange(1, 3);
            body.GetProperty("objects")[0].GetProperty("in").GetInt32().ShouldBeInRange(1, 10_000);
            body.GetProperty("empty").EnumerateObject().ShouldBeEmpty();
            (body.TryGetProperty("nothing", out _), body.TryGetProperty("loose", out _)).ShouldBe((false, false));
        }

        texts.Count.ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task Schema_AsXml_HasWhatItDescribes()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$$"""{"mocking":{"content_type":"text/xml; charset=utf-8","response_schema":{{{Schema}}}}}""");
        var body = XDocument.Parse((await gateway.GetAsync(1, "/?x=y")).Body);
        body.Root!.Name.LocalName.ShouldBe("data");
        (body.Root.Element("id")!.Value, body.Root.Element("name")!.Value).ShouldBe(("17", "a \"b\" y"));
        body.Root.Elements("list").Count().ShouldBeInRange(1, 3);
        body.Root.Element("objects")!.Element("in").ShouldNotBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Delay_HoldsTheAnswerUp(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"mocking":{"delay":1,"response_example":"{}"}}""");
        long begun = Stopwatch.GetTimestamp();
        (await gateway.ReadAsync(version, HttpMethod.Get)).Text.ShouldBe("{}");
        Stopwatch.GetElapsedTime(begun).TotalMilliseconds.ShouldBeGreaterThan(980);
    }

    [Theory]
    [InlineData("{}", "object matches none of the required: [\"response_example\"] or [\"response_schema\"]")]
    [InlineData("""{"response_example":"a","content_type":"image/png"}""", "unsupported content type!")]
    [InlineData("""{"response_schema":{},"content_type":"text/html"}""", "text/html cannot be made up from response_schema")]
    [InlineData("""{"response_example":"a","response_status":99}""", "expected 99 to be at least 100")]
    [InlineData("""{"response_example":"a","response_status":101}""", "101 is no status of an answer; allowed: 200 to 599")]
    [InlineData("""{"response_schema":{"properties":{"a":{}}}}""", "no value can be made up; needed: an object with type")]
    [InlineData("""{"response_schema":"a"}""", "wrong type: expected object, got string")]
    [InlineData("""{"response_example":"a","response_headers":{"Upgrade":"1"}}""", "Upgrade is written by the gateway itself")]
    [InlineData("""{"response_example":"a","headers":{}}""", "additional properties forbidden, found headers")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("mocking", config, text);
}
