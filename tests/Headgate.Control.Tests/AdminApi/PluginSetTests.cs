namespace Headgate.Control.Tests.AdminApi;

/// <summary>Plugin configs, consumer groups, global rules, plugin metadata: plugins under a name.</summary>
public abstract class PluginSetContract(StoreKind kind) : AdminApiTest(kind)
{
    [Theory]
    [InlineData("plugin_configs")]
    [InlineData("consumer_groups")]
    [InlineData("global_rules")]
    public async Task Set_IsWrittenReadPatchedListedAndDeleted(string kind)
    {
        (await Admin.Put(kind + "/1", """{"plugins":{"prometheus":{"prefer_name":true}}}""")).ShouldBe(201).Value.GetProperty("id").GetString().ShouldBe("1");
        (await Admin.Put(kind, """{"id":2,"plugins":{}}""")).ShouldBe(201);
        (await Admin.Patch(kind + "/1", """{"plugins":{"limit-count":{"count":1}}}""")).ShouldBe(200)
            .Value.GetProperty("plugins").GetRawText().ShouldBe("""{"prometheus":{"prefer_name":true},"limit-count":{"count":1}}""");
        (await Admin.Patch(kind + "/1/plugins", """{"prometheus":{}}""")).ShouldBe(200);

        (await Admin.Get(kind + "/1")).ShouldBe(200).Value.GetProperty("plugins").GetRawText().ShouldBe("""{"prometheus":{}}""");
        (await Admin.Get(kind)).ShouldBe(200).Keys.ShouldBe([$"/apisix/{kind}/1", $"/apisix/{kind}/2"]);
        (await Admin.Get(kind + "?page=1&page_size=10")).ShouldBe(200).Json.GetProperty("total").GetInt32().ShouldBe(2);
        (await Admin.Delete(kind + "/1")).ShouldBe(200);
        (await Admin.Delete(kind + "/1")).ShouldBe(404);
    }

    [Theory]
    [InlineData("plugin_configs/1", "{}", "invalid configuration: property \"plugins\" is required")]
    [InlineData("consumer_groups/1", """{"plugins":{"no-such":{}}}""", "unknown plugin [no-such]")]
    [InlineData("global_rules/1", """{"name":"n","plugins":{}}""", "invalid configuration: additional properties forbidden, found name")]
    [InlineData("global_rules/1", """{"plugins":{"prometheus":7}}""", "invalid plugin conf 7 for plugin [prometheus]")]
    [InlineData("plugin_metadata/no-such", "{}", "invalid plugin name: no-such is none (there are: grpc-transcode, http-logger, jwt-auth, key-auth, limit-count, prometheus, traffic-split)")]
    [InlineData("plugin_configs/1", """{"id":"2","plugins":{}}""", "wrong plugin config id")]
    public async Task Put_Refused_SaysWhy(string path, string body, string text) =>
        (await Admin.Put(path, body)).ShouldBe(400).ErrorMessage.ShouldBe(text);

    [Fact]
    public async Task GlobalRule_WithAPluginOfAnother_IsRefused()
    {
        await Admin.Put("global_rules/1", """{"plugins":{"prometheus":{}}}""");

        (await Admin.Put("global_rules/2", """{"plugins":{"prometheus":{},"limit-count":{}}}""")).ShouldBe(400)
            .ErrorMessage.ShouldBe("plugin 'prometheus' already exists in global rule with id '1'");
        (await Admin.Put("global_rules/2", """{"plugins":{"limit-count":{}}}""")).ShouldBe(201);
        (await Admin.Patch("global_rules/2", """{"plugins":{"prometheus":{}}}""")).ShouldBe(400);
        (await Admin.Put("global_rules/1", """{"plugins":{"prometheus":{"a":1}}}""")).ShouldBe(200);
        (await Admin.Delete("global_rules/1")).ShouldBe(200);
        (await Admin.Patch("global_rules/2", """{"plugins":{"prometheus":{}}}""")).ShouldBe(200);
    }

    [Fact]
    public async Task GlobalRules_WithOnePluginWrittenAtOnce_AreMadeOnce()
    {
        AdminAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Admin.Put($"global_rules/{i}", """{"plugins":{"prometheus":{}}}"""))));

        answers.Count(answer => answer.Status == 201).ShouldBe(1);
        answers.Count(answer => answer.Status == 400).ShouldBe(19);
    }

    [Fact]
    public async Task Metadata_IsKeptAsItWasSentAndListed()
    {
        (await Admin.Put("plugin_metadata/http-logger", """{"log_format":{"host":"$host"}}""")).ShouldBe(201)
            .Value.GetRawText().ShouldBe("""{"log_format":{"host":"$host"},"id":"http-logger"}""");
        (await Admin.Put("plugin_metadata/http-logger", """{"log_format":{}}""")).ShouldBe(200);

        (await Admin.Get("plugin_metadata")).ShouldBe(200).Keys.ShouldBe(["/apisix/plugin_metadata/http-logger"]);
        (await Admin.Get("plugin_metadata/http-logger")).ShouldBe(200).Value.GetRawText().ShouldBe("""{"log_format":{},"id":"http-logger"}""");
        (await Admin.Delete("plugin_metadata/http-logger")).ShouldBe(200);
        (await Admin.Get("plugin_metadata/http-logger")).ShouldBe(404);
    }

    [Theory]
    [InlineData("plugin_config")]
    [InlineData("consumer_group")]
    [InlineData("global_rule")]
    [InlineData("consumer")]
    [InlineData("credential")]
    [InlineData("plugin_metadata")]
    [InlineData("proto")]
    [InlineData("secret")]
    [InlineData("ssl")]
    public async Task Schema_IsServed(string name) =>
        (await Admin.Get("schema/" + name)).ShouldBe(200).Json.GetProperty("properties").TryGetProperty("id", out _).ShouldBeTrue();
}

/// <inheritdoc/>
public sealed class PluginSetTests() : PluginSetContract(StoreKind.Memory);

/// <inheritdoc/>
public sealed class PluginSetOverEmbeddedStoreTests() : PluginSetContract(StoreKind.Embedded);
