using Headgate.Core.Config;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>limit-count</c> through the whole gateway, counted in its memory.</summary>
public sealed class LimitCountTests
{
    private static readonly string[] QuotaFields = ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Requests_AboveTheCount_AreRefusedUntilTheWindowEnds(int version)
    {
        var time = new ManualTimeProvider();
        await using PluginGateway gateway = await StartAsync("""{"count":2,"time_window":60,"rejected_code":429,"rejected_msg":"too many"}""", time);
        Quota(await gateway.GetAsync(version)).ShouldBe((200, "2", "1", "60"));
        time.Advance(TimeSpan.FromMilliseconds(10_109));
        Quota(await gateway.GetAsync(version)).ShouldBe((200, "2", "0", "49.89"));
        time.Advance(TimeSpan.FromMilliseconds(9_391));
        PluginAnswer refused = await gateway.GetAsync(version);
        Quota(refused).ShouldBe((429, "2", "0", "40.5"));
        (refused.Body, gateway.Requests).ShouldBe(("{\"error_msg\":\"too many\"}\n", 2));
        time.Advance(TimeSpan.FromMilliseconds(40_499));
        (await gateway.GetAsync(version)).Status.ShouldBe(429);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Quota(await gateway.GetAsync(version)).ShouldBe((200, "2", "1", "60"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Sliding_RequestsAreForgottenOneAfterTheOther(int version)
    {
        var time = new ManualTimeProvider();
        await using PluginGateway gateway = await StartAsync("""{"count":2,"time_window":32,"window_type":"sliding"}""", time);
        Quota(await gateway.GetAsync(version)).ShouldBe((200, "2", "1", "33"));
        time.Advance(TimeSpan.FromSeconds(20));
        Quota(await gateway.GetAsync(version)).ShouldBe((200, "2", "0", "13"));
        Quota(await gateway.GetAsync(version)).ShouldBe((503, "2", "0", "13"));
        time.Advance(TimeSpan.FromSeconds(13));
        Quota(await gateway.GetAsync(version)).ShouldBe((200, "2", "0", "20"));
        (await gateway.GetAsync(version)).Status.ShouldBe(503);
    }

    [Fact]
    public async Task Quota_Hidden_OrAnsweredByTheNodeToo_IsShownOnceOrNotAtAll()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"limit-count":{"count":9,"time_window":60}}""", "200 OK\r\nX-RateLimit-Limit: 7\r\n");
        (await gateway.GetAsync(1)).Fields["X-RateLimit-Limit"].ShouldBe(["9"]);
        gateway.Put("""{"limit-count":{"count":9,"time_window":60,"show_limit_quota_header":false}}""");
        PluginAnswer hidden = await gateway.GetAsync(1);
        hidden.Fields["X-RateLimit-Limit"].ShouldBe(["7"]);
        hidden.Fields["X-RateLimit-Remaining"].ShouldBeEmpty();
    }

    [Fact]
    public async Task Metadata_NamesTheFields()
    {
        await using PluginGateway gateway = await StartAsync("""{"count":9,"time_window":60}""", new ManualTimeProvider());
        gateway.Gateway.Put(ResourceKind.PluginMetadata, "limit-count", """{"limit_header":"X-Quota","reset_header":"X-Quota-Reset"}""");
        PluginAnswer answer = await gateway.GetAsync(1);
        string[] values = [.. ((string[])["X-Quota", "X-RateLimit-Remaining", "X-Quota-Reset"]).Select(name => answer.Fields[name].Single())];
        values.ShouldBe(["9", "8", "60"]);
        answer.Fields["X-RateLimit-Limit"].ShouldBeEmpty();
        gateway.Gateway.Put(ResourceKind.PluginMetadata, "limit-count", null);
        Quota(await gateway.GetAsync(1)).ShouldBe((200, "9", "7", "60"));
    }

    [Theory]
    [InlineData("Content-Length", "limit_header: Content-Length is written by the gateway itself")]
    [InlineData("X Y", "limit_header: \"X Y\" is no name of a header field")]
    public void Metadata_WithANameThatIsNone_IsRefused(string name, string text) =>
        PluginConfigs.ShouldRefuseMetadata("limit-count", $$"""{"limit_header":"{{name}}"}""", text);

    [Fact]
    public async Task Keys_AreCountedApart_AndAnEditOfOtherThingsGoesOn()
    {
        await using PluginGateway gateway = await StartAsync("""{"count":1,"time_window":60,"key":"http_x"}""", new ManualTimeProvider());
        (await gateway.GetAsync(1, "/", ("X", "a"))).Status.ShouldBe(200);
        (await gateway.GetAsync(1, "/", ("X", "a"))).Status.ShouldBe(503);
        (await gateway.GetAsync(1, "/", ("X", "b"))).Status.ShouldBe(200);
        (await gateway.GetAsync(1)).Status.ShouldBe(200);
        (await gateway.GetAsync(1)).Status.ShouldBe(503);
        gateway.Put("""{"limit-count":{"count":1,"time_window":60,"key":"http_x","_meta":{"priority":7}},"request-id":{}}""", ""","desc":"other" """);
        (await gateway.GetAsync(1)).Status.ShouldBe(503);
        gateway.Put("""{"limit-count":{"count":1,"time_window":61,"key":"http_x"}}""");
        (await gateway.GetAsync(1)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Group_RoutesAndServicesOfEqualConfiguration_CountTogether()
    {
        const string Limit = """{"limit-count":{"count":3,"time_window":60,"group":"g"}}""";
        await using PluginGateway gateway = await PluginGateway.StartAsync(Limit, time: new ManualTimeProvider());
        gateway.Gateway.Put(ResourceKind.Service, "s", $$"""{"upstream_id":"u","plugins":{{Limit}}}""");
        gateway.Gateway.Put(ResourceKind.Route, "of-service", """{"uri":"/s","service_id":"s"}""");
        gateway.Gateway.Put(ResourceKind.Route, "other", """{"uri":"/other","upstream_id":"u","plugins":{"limit-count":{"count":4,"time_window":60,"group":"g"}}}""");
        gateway.Gateway.Put(ResourceKind.Route, "alone", """{"uri":"/alone","upstream_id":"u","plugins":{"limit-count":{"count":3,"time_window":60}}}""");
        (await RemainingAsync("/")).ShouldBe("2");
        (await RemainingAsync("/s")).ShouldBe("1");
        (await RemainingAsync("/other")).ShouldBe("3");
        (await RemainingAsync("/alone")).ShouldBe("2");

        // Its last place but one goes and comes back.
        gateway.Put("{}");
        gateway.Put(Limit);
        (await RemainingAsync("/")).ShouldBe("0");
        (await gateway.GetAsync(1, "/s")).Status.ShouldBe(503);

        async Task<string> RemainingAsync(string path) => (await gateway.GetAsync(1, path)).Fields["X-RateLimit-Remaining"].Single();
    }

    [Fact]
    public async Task Service_AllItsRoutesCountTogether()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("{}", time: new ManualTimeProvider());
        gateway.Gateway.Put(ResourceKind.Service, "s", """{"upstream_id":"u","plugins":{"limit-count":{"count":2,"time_window":60,"key_type":"constant","key":"all"}}}""");
        foreach (string path in (string[])["/a", "/b"])
            gateway.Gateway.Put(ResourceKind.Route, path[1..], $$"""{"uri":"{{path}}","service_id":"s"}""");
        (await gateway.GetAsync(1, "/a")).Status.ShouldBe(200);
        (await gateway.GetAsync(1, "/b")).Status.ShouldBe(200);
        (await gateway.GetAsync(1, "/a")).Status.ShouldBe(503);
    }

    // The window is longer than the test.
    [Theory]
    [InlineData("fixed")]
    [InlineData("sliding")]
    public async Task Requests_From64Connections_AreAdmittedExactly(string windowType)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            $$$"""{"limit-count":{"count":300,"time_window":3600,"window_type":"{{{windowType}}}","key_type":"constant","key":"all"}}""");
        int admitted = 0;
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ =>
        {
            for (int i = 0; i < 10; i++)
            {
                if ((await gateway.GetAsync(1)).Status == 200)
                    Interlocked.Increment(ref admitted);
            }
        }));
        (admitted, gateway.Requests).ShouldBe((300, 300));
    }

    [Theory]
    [InlineData("{}", "property \"count\" is required")]
    [InlineData("""{"count":1}""", "property \"time_window\" is required")]
    [InlineData("""{"count":0,"time_window":1}""", "property \"count\" validation failed: expected 0 to be at least 1")]
    [InlineData("""{"count":"$http_x","time_window":1}""", "count: a text with variables is not there yet; allowed: an integer from 1")]
    [InlineData("""{"count":1,"time_window":1,"window_type":"hopping"}""", "property \"window_type\" validation failed: matches none of the enum values")]
    [InlineData("""{"count":1,"time_window":1,"rules":[]}""", "rules is not there yet; write one plugin with one limit")]
    [InlineData("""{"count":1,"time_window":1,"sync_interval":0.5}""", "sync_interval: 0.5 is not there, because every request is counted at once; allowed: -1")]
    [InlineData("""{"count":1,"time_window":1,"window":"sliding"}""", "additional properties forbidden, found window")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("limit-count", config, text);

    private static (int Status, string Limit, string Remaining, string Reset) Quota(PluginAnswer answer)
    {
        string[] values = [.. QuotaFields.Select(name => answer.Fields[name].Single())];
        return (answer.Status, values[0], values[1], values[2]);
    }

    private static Task<PluginGateway> StartAsync(string config, TimeProvider time) => PluginGateway.StartAsync($$"""{"limit-count":{{config}}}""", time: time);
}
