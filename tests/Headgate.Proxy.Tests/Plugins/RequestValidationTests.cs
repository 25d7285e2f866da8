using System.Net.Http.Headers;
using System.Text;
using Headgate.Proxy.Plugins.RequestValidation;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>request-validation</c> through the whole gateway.</summary>
public sealed class RequestValidationTests
{
    private const string Order = """{"body_schema":{"type":"object","required":["id"],"properties":{"id":{"type":"integer","minimum":1},"tags":{"type":"array","items":{"type":"string"}}}}}""";

    [Theory]
    [InlineData("""{"id":1}""", 200, null)]
    [InlineData(""" { "id" : 1.0, "tags":["a"], "more":1e400 } """, 200, null)]
    [InlineData("""{"id":0}""", 400, "property \"id\" validation failed: expected 0 to be at least 1")]
    [InlineData("""{"tags":[]}""", 400, "property \"id\" is required")]
    [InlineData("""{"id":1,"tags":["a",1]}""", 400, "property \"tags\" validation failed: failed to validate item 2: wrong type: expected string, got number")]
    [InlineData("[1]", 400, "wrong type: expected object, got table")]
    [InlineData("{\"id\":", 400, "the body is not JSON: ")]
    [InlineData("{\"id\":1,}", 400, "the body is not JSON: ")]
    [InlineData("{\"id\":1,\"id\":0}", 400, "the body is not JSON")]
    [InlineData("{\"id\":1,\"\\u0069d\":0}", 400, "the body is not JSON")]
    [InlineData("{\"id\":1,\"tags\":[\"\\ud800\"]}", 200, null)]
    [InlineData("", 400, "The request is malformed.")]
    public async Task Body_ThatFits_ReachesTheNodeAsItIs_AnotherIsRefused(string body, int status, string? told)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"request-validation":{{Order}} }""");
        foreach (int version in (int[])[1, 2])
        {
            foreach (bool chunked in (bool[])[false, true])
            {
                PluginAnswer answer = await PostAsync(gateway, version, body, "application/json", chunked && version == 1);
                answer.Status.ShouldBe(status, $"version {version}, chunked {chunked}");
                if (told is not null)
                    answer.Body.ShouldContain(told);
            }
        }

        gateway.Bodies.ShouldBe(status == 200 ? Enumerable.Repeat(body, 4) : []);
    }

    [Fact]
    public async Task Refusal_IsText_OfTheStatusThatIsConfigured()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"request-validation":{{Order}} }""");
        PluginAnswer plain = await PostAsync(gateway, 1, "{}", "application/json");
        (plain.Status, plain.Body).ShouldBe((400, "property \"id\" is required"));
        plain.Fields["Content-Type"].ShouldBe(["text/plain; charset=utf-8"]);
        gateway.Put($$"""{"request-validation":{{Order[..^1]}},"rejected_code":422,"rejected_msg":"no order"} }""");
        PluginAnswer own = await PostAsync(gateway, 2, "{}", "application/json");
        (own.Status, own.Body).ShouldBe((422, "no order"));
        (await gateway.GetAsync(1)).Body.ShouldBe("no order");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task LargeBody_IsReadElsewhere_AndPasses(int version)
    {
        string body = $$"""{"id":1,"tags":["{{Encoding.ASCII.GetString(NodeBodies.Make(200_000)).Replace('\n', ' ')}}"]}""";
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"request-validation":{{Order}} }""");
        (await PostAsync(gateway, version, body, "application/json")).Status.ShouldBe(200);
        gateway.Bodies.ShouldBe([body]);
        (await PostAsync(gateway, version, body.Replace("\"id\":1", "\"id\":0", StringComparison.Ordinal), "application/json")).Status.ShouldBe(400);
        gateway.Put($$"""{"request-validation":{{Order[..^1]}},"max_req_body_size":200000} }""");
        (await PostAsync(gateway, version, body, "application/json")).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData("name=a+b%21&age=7", null)]
    [InlineData("name=x&name=y&age=7", "property \"name\" validation failed: wrong type: expected string, got table")]
    [InlineData("name&age=7", "property \"name\" validation failed: wrong type: expected string, got boolean")]
    [InlineData("name=a&age=x", "property \"age\" validation failed: failed to match pattern \"^[0-9]+$\" with \"x\"")]
    [InlineData("=a&name=a%zz", "property \"age\" is required")]
    public async Task Form_IsReadAsAPISIXReadsIt(string form, string? told)
    {
        const string schema = """{"type":"object","required":["name","age"],"properties":{"name":{"type":"string"},"age":{"pattern":"^[0-9]+$"}}}""";
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"request-validation":{"body_schema":{{schema}}} }""");
        foreach (int version in (int[])[1, 2])
        {
            PluginAnswer answer = await PostAsync(gateway, version, form, "Application/x-www-form-urlencoded; charset=utf-8");
            answer.Status.ShouldBe(told is null ? 200 : 400);
            if (told is not null)
                answer.Body.ShouldBe(told);
        }

        (await PostAsync(gateway, 1, string.Join('&', Enumerable.Repeat("a=1", FormBody.FieldsMax + 1)), "application/x-www-form-urlencoded")).Body.ShouldBe("the form has too many fields");
    }

    [Fact]
    public async Task ContentType_ThatComesTwice_IsRefused()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"request-validation":{{Order}} }""");
        string answer = await gateway.Gateway.SendRawAsync(
            "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n\r\n{\"id\":1}");
        answer.ShouldStartWith("HTTP/1.1 400 ");
        gateway.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task Body_ThatBreaksOff_OrIsNoText_IsRefused()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"request-validation":{{Order[..^1]}},"rejected_code":422} }""");
        const string head = "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
        (await gateway.Gateway.SendRawAsync(head + "Transfer-Encoding: chunked\r\n\r\nx\r\n")).ShouldStartWith("HTTP/1.1 400 ");
        (await gateway.Gateway.SendRawAsync(head + "Content-Length: 14\r\n\r\n{\"id\":1,\"\xff\":0}")).ShouldContain("the body is not UTF-8");
        gateway.Requests.ShouldBe(0);
    }

    [Theory]
    [InlineData("7", "7", null)]
    [InlineData("x", "7", "property \"x-page\" validation failed: failed to match pattern \"^[0-9]+$\" with \"x\"")]
    [InlineData(null, "7", "property \"x-page\" is required")]
    public async Task Fields_AreCheckedByName_WhateverItsCase(string? page, string more, string? told)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """{"request-validation":{"header_schema":{"required":["X-Page","host"],"properties":{"X-PAGE":{"type":"string","pattern":"^[0-9]+$"},"X-More":{"type":["string","array"]}}}}}""");
        foreach (int version in (int[])[1, 2])
        {
            PluginAnswer answer = await gateway.GetAsync(version, "/", page is null ? [("x-more", more)] : [("x-Page", page), ("x-more", more)]);
            answer.Status.ShouldBe(told is null ? 200 : 400);
            if (told is not null)
                answer.Body.ShouldBe(told);
        }
    }

    [Fact]
    public async Task Fields_ThatComeTwice_AreLists_AndWhatPluginsChangeCounts()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """
            {"request-id":{"header_name":"X-Made"},
             "request-validation":{"header_schema":{"required":["x-made"],"properties":{"x-two":{"type":"array","minItems":2,"items":{"type":"string"}},"x-one":{"const":"\u00ff"}}}} }
            """);
        const string head = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
        (await gateway.Gateway.SendRawAsync(head + "X-Two: a\r\nX-One: \xff\r\nx-two: b\r\n\r\n")).ShouldStartWith("HTTP/1.1 200 ");
        (await gateway.Gateway.SendRawAsync(head + "X-Two: a\r\n\r\n")).ShouldContain("property \"x-two\" validation failed: wrong type: expected array, got string");
    }

    [Fact]
    public async Task FieldsFirst_NobodysBodyIsReadForWrongOnes()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"request-validation":{{Order[..^1]}},"header_schema":{"required":["x-a"]} } }""");
        string answer = await gateway.Gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 8\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.ShouldEndWith("property \"x-a\" is required");
    }

    [Theory]
    [InlineData("{}", "object matches none of the required: [\"header_schema\"] or [\"body_schema\"]")]
    [InlineData("""{"body_schema":true}""", "property \"body_schema\" validation failed: wrong type: expected object, got boolean")]
    [InlineData("""{"body_schema":{"type":"text"}}""", "property \"body_schema\" validation failed: property \"type\" validation failed: \"text\" is no type")]
    [InlineData("""{"header_schema":{"required":1}}""", "property \"header_schema\" validation failed: property \"required\" validation failed: expected a list of names")]
    [InlineData("""{"body_schema":{},"rejected_code":199}""", "property \"rejected_code\" validation failed: expected 199 to be at least 200")]
    [InlineData("""{"body_schema":{},"rejected_msg":""}""", "property \"rejected_msg\" validation failed: string too short, expected at least 1, got 0")]
    [InlineData("""{"body_schema":{},"max_req_body_size":0}""", "property \"max_req_body_size\" validation failed: expected 0 to be at least 1")]
    [InlineData("""{"body_schema":{},"reject_code":400}""", "additional properties forbidden, found reject_code (did you mean rejected_code?)")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("request-validation", config, text);

    private static Task<PluginAnswer> PostAsync(PluginGateway gateway, int version, string body, string type, bool chunked = false)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{gateway.Gateway.Port}/") { Content = new StringContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        request.Headers.TransferEncodingChunked = chunked;
        return gateway.SendAsync(version, request);
    }
}
