namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>cors</c> through the whole gateway.</summary>
public sealed class CorsTests
{
    private const string Origin = "Access-Control-Allow-Origin";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Request_ByDefault_AnyoneMayRead(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"cors":{}}""", "200 OK\r\nAccess-Control-Allow-Origin: the-nodes\r\nVary: Accept\r\n");
        PluginAnswer answer = await gateway.GetAsync(version, "/", ("Origin", "http://a.test"));
        answer.Status.ShouldBe(200);
        answer.Fields[Origin].ShouldBe(["*"]);
        answer.Fields["Access-Control-Allow-Methods"].ShouldBe(["*"]);
        answer.Fields["Access-Control-Allow-Headers"].ShouldBe(["*"]);
        answer.Fields["Access-Control-Max-Age"].ShouldBe(["5"]);
        answer.Fields["Access-Control-Expose-Headers"].ShouldBeEmpty();
        answer.Fields["Access-Control-Allow-Credentials"].ShouldBeEmpty();
        answer.Fields["Vary"].ShouldBe(["Accept"]);
        gateway.Requests.ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Options_IsAnsweredByThePlugin(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """{"cors":{"allow_origins":"**","allow_methods":"**","allow_headers":"**","expose_headers":"X-A,X-B","max_age":60,"allow_credential":true}}""");
        var options = new HttpRequestMessage(HttpMethod.Options, $"http://127.0.0.1:{gateway.Gateway.Port}/");
        PluginAnswer answer = await gateway.SendAsync(version, options, ("Origin", "http://a.test"), ("Access-Control-Request-Headers", "x-one, x-two"));
        (answer.Status, answer.Body).ShouldBe((200, ""));
        answer.Fields[Origin].ShouldBe(["http://a.test"]);
        answer.Fields["Access-Control-Allow-Methods"].ShouldHaveSingleItem().ShouldBe("GET,POST,PUT,DELETE,PATCH,HEAD,OPTIONS,CONNECT,TRACE");
        answer.Fields["Access-Control-Allow-Headers"].ShouldHaveSingleItem().ShouldBe("x-one, x-two");
        answer.Fields["Access-Control-Expose-Headers"].ShouldHaveSingleItem().ShouldBe("X-A,X-B");
        answer.Fields["Access-Control-Max-Age"].ShouldBe(["60"]);
        answer.Fields["Access-Control-Allow-Credentials"].ShouldBe(["true"]);
        answer.Fields["Vary"].ShouldBe(["Origin"]);
        gateway.Requests.ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"allow_origins":"http://a.test"}""", "http://a.test", "http://a.test")]
    [InlineData("""{"allow_origins":"http://a.test"}""", "http://b.test", null)]
    [InlineData("""{"allow_origins":"http://a.test"}""", null, null)]
    [InlineData("""{"allow_origins":"http://a.test,https://b.test:8443"}""", "https://b.test:8443", "https://b.test:8443")]
    [InlineData("""{"allow_origins":"http://a.test,https://b.test:8443"}""", "https://b.test", null)]
    [InlineData("""{"allow_origins":"null"}""", "null", "null")]
    [InlineData("""{"allow_origins":"**"}""", null, "*")]
    [InlineData("""{"allow_origins_by_regex":["\\.test$","^http://c"]}""", "http://a.test", "http://a.test")]
    [InlineData("""{"allow_origins_by_regex":["\\.test$","^http://c"]}""", "http://cc", "http://cc")]
    [InlineData("""{"allow_origins_by_regex":["\\.test$"]}""", "http://a.test.evil", null)]
    [InlineData("""{"allow_origins":"http://a.evil","allow_origins_by_regex":["\\.test$"]}""", "http://a.evil", null)]
    public async Task Origin_ByRule_IsNamedOrNothingIs(string config, string? origin, string? allowed)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"cors":{{config}}}""", "200 OK\r\nVary: Accept\r\n");
        foreach (int version in (int[])[1, 2])
        {
            PluginAnswer answer = await gateway.GetAsync(version, "/", origin is null ? [] : [("Origin", origin)]);
            answer.Status.ShouldBe(200);
            answer.Fields[Origin].ShouldBe(allowed is null ? [] : [allowed]);
            answer.Fields["Access-Control-Allow-Methods"].ShouldBe(allowed is null ? [] : ["*"]);
            answer.Fields["Vary"].ShouldBe(["Accept", "Origin"], ignoreOrder: true);
        }
    }

    [Theory]
    [InlineData("""{"timing_allow_origins":"*"}""", "http://a.test", "*")]
    [InlineData("""{"timing_allow_origins":"http://a.test"}""", "http://a.test", "http://a.test")]
    [InlineData("""{"timing_allow_origins":"http://a.test"}""", "http://b.test", null)]
    [InlineData("""{"timing_allow_origins_by_regex":["b\\.test"]}""", "http://b.test", "http://b.test")]
    [InlineData("{}", "http://b.test", null)]
    public async Task Timing_ByRule(string config, string origin, string? allowed)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"cors":{{config}}}""");
        (await gateway.GetAsync(1, "/", ("Origin", origin))).Fields["Timing-Allow-Origin"].ShouldBe(allowed is null ? [] : [allowed]);
    }

    // A page must be able to read why it was refused.
    [Theory]
    [InlineData(1, "")]
    [InlineData(2, "")]
    [InlineData(1, ""","_meta":{"priority":99999}""")]
    public async Task Refusal_OfAnotherPlugin_MayBeReadToo(int version, string meta)
    {
        string redirect = meta.Length > 0 ? $$"""{"uri":"/x"{{meta}}}""" : "";
        string other = meta.Length > 0 ? $"\"redirect\":{redirect}" : "\"ip-restriction\":{\"blacklist\":[\"127.0.0.1\"]}";
        await using PluginGateway gateway = await PluginGateway.StartAsync($$$"""{"cors":{"allow_origins":"http://a.test"},{{{other}}}}""");
        PluginAnswer answer = await gateway.GetAsync(version, "/", ("Origin", "http://a.test"));
        answer.Status.ShouldBe(meta.Length > 0 ? 302 : 403);
        answer.Fields[Origin].ShouldBe(["http://a.test"]);
        answer.Fields["Vary"].ShouldBe(["Origin"]);
    }

    [Theory]
    [InlineData("""{"allow_origins":"a.test"}""", "property \"allow_origins\" validation failed: failed to match pattern")]
    [InlineData("""{"allow_origins":"http://a.test,"}""", "property \"allow_origins\" validation failed: failed to match pattern")]
    [InlineData("""{"allow_credential":true}""", "you can not set '*' for other option when 'allow_credential' is true")]
    [InlineData("""{"allow_credential":true,"allow_origins":"**","allow_methods":"**","allow_headers":"**","expose_headers":"*"}""", "you can not set '*' for other option")]
    [InlineData("""{"allow_origins_by_regex":["("]}""", "failed to check the configuration of plugin cors err: allow_origins_by_regex: Invalid pattern")]
    [InlineData("""{"timing_allow_origins_by_regex":[]}""", "property \"timing_allow_origins_by_regex\" validation failed: expect array to have at least 1 items")]
    [InlineData("""{"allow_origins_by_metadata":["x"]}""", "allow_origins_by_metadata is not supported here")]
    [InlineData("""{"allow_methods":"GET\r\nX: y"}""", "plugins.cors.allow_methods has a control character")]
    [InlineData("""{"max_age":"5"}""", "property \"max_age\" validation failed: wrong type: expected integer, got string")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("cors", config, text);
}
