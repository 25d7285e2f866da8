using System.Text;
using System.Text.Json;
using Headgate.Store.Documents;

namespace Headgate.Store.Tests.Documents;

public sealed class ConfigDocumentTests
{
    [Theory]
    [InlineData("""{"routes":[{"id":"r","uri":"/"}]}""", "/apisix/routes/r", """{"id":"r","uri":"/"}""")]
    [InlineData("""{"routes":[{"uri":"/","id":7}]}""", "/apisix/routes/7", """{"id":"7","uri":"/"}""")]
    [InlineData("""{"routes":[{"uri":"/"}]}""", "/apisix/routes/arr_1", """{"id":"arr_1","uri":"/"}""")]
    [InlineData("""{"upstreams":[{"id":1,"modifiedIndex":12,"retries":1.0}]}""", "/apisix/upstreams/1", """{"id":"1","retries":1.0}""")]
    [InlineData("""{"consumers":[{"username":"jack"}]}""", "/apisix/consumers/jack", """{"username":"jack"}""")]
    [InlineData("""{"consumers":[{"id":"jack/credentials/a","plugins":{}}]}""", "/apisix/consumers/jack/credentials/a", """{"id":"a","plugins":{}}""")]
    [InlineData("""{"plugin_metadata":[{"id":"http-logger","log_format":{}}]}""", "/apisix/plugin_metadata/http-logger", """{"id":"http-logger","log_format":{}}""")]
    [InlineData("""{"secrets":[{"id":"vault/1","uri":"http://a"}]}""", "/apisix/secrets/vault/1", """{"id":"vault/1","uri":"http://a"}""")]
    [InlineData("""{"service_registries":[{"id":"c","type":"consul"}]}""", "/apisix/service_registries/c", """{"id":"c","type":"consul"}""")]
    public void Read_Item_BecomesWhatAStoreWouldHold(string document, string key, string value)
    {
        DocumentContent content = Read(document);

        content.Problems.ShouldBeEmpty();
        KeyValuePair<string, ReadOnlyMemory<byte>> item = content.Objects.ShouldHaveSingleItem();
        item.Key.ShouldBe(key);
        Encoding.UTF8.GetString(item.Value.Span).ShouldBe(value);
    }

    [Fact]
    public void Read_EveryListOfApisix_IsKnown()
    {
        string[] lists =
        [
            "upstreams", "routes", "services", "consumers", "consumer_groups", "plugin_configs", "global_rules", "plugin_metadata", "protos", "secrets", "ssls", "stream_routes", "plugins",
        ];

        Read($"{{{string.Join(',', lists.Select(name => $"\"{name}\":[],\"{name}_conf_version\":3"))}}}").Problems.ShouldBeEmpty();
    }

    [Fact]
    public void Read_WhatIsNoGood_IsLeftOutAndNamed_AndTheOthersStay()
    {
        DocumentContent content = Read("""{"routes":["x",{"id":1,"uri":"/a"},{"id":"1","uri":"/b"},null],"rotes":[],"stream_routes":[{"id":1}],"plugins":[{"name":"x"}],"services":null,"ssls":{}}""");

        content.Objects.Keys.ShouldBe(["/apisix/routes/1"]);
        Encoding.UTF8.GetString(content.Objects["/apisix/routes/1"].Span).ShouldBe("""{"id":"1","uri":"/b"}""");
        content.Problems.Select(problem => problem.Split(';')[0]).ShouldBe(
        [
            "routes[0]: is a text, and should be an object", "routes[2]: takes the place of routes[1], which has the same id", "routes[3]: is empty, and should be an object",
            "rotes: no kind of object", "stream_routes: accepted, without effect here", "plugins: accepted, without effect here",
        ]);
    }

    [Theory]
    [InlineData("[]", "the document is a list; ")]
    [InlineData("\"routes\"", "the document is a text; ")]
    [InlineData("""{"routes":{"id":"1"}}""", "routes is a mapping; it has to be a list")]
    [InlineData("""{"upstreams":"all"}""", "upstreams is a text; it has to be a list")]
    public void Read_SlipThatWouldTakeAwayEverything_IsRefused(string document, string message) =>
        Should.Throw<DocumentException>(() => Read(document)).Message.ShouldStartWith(message);

    private static DocumentContent Read(string json) => ConfigDocument.Read(JsonElement.Parse(json));
}
