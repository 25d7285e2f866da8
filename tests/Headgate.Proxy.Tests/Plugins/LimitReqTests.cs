using System.Diagnostics;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>limit-req</c> through the whole gateway.</summary>
public sealed class LimitReqTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Requests_AboveRateAndBurst_AreRefusedUntilTheirTime(int version)
    {
        var time = new ManualTimeProvider();
        await using PluginGateway gateway = await StartAsync("""{"rate":2,"burst":1,"nodelay":true,"key":"remote_addr","rejected_code":429,"rejected_msg":"slow down"}""", time);
        (await gateway.GetAsync(version)).Status.ShouldBe(200);
        (await gateway.GetAsync(version)).Status.ShouldBe(200);
        PluginAnswer refused = await gateway.GetAsync(version);
        (refused.Status, refused.Body).ShouldBe((429, "{\"error_msg\":\"slow down\"}\n"));
        gateway.Requests.ShouldBe(2);
        time.Advance(TimeSpan.FromMilliseconds(500));
        (await gateway.GetAsync(version)).Status.ShouldBe(200);
        (await gateway.GetAsync(version)).Status.ShouldBe(429);
    }

    [Fact]
    public async Task Keys_AreCountedApart_AndAChangedConfigurationBeginsAnew()
    {
        await using PluginGateway gateway = await StartAsync("""{"rate":1,"burst":0,"key":"http_x"}""", new ManualTimeProvider());
        (await gateway.GetAsync(1, "/", ("X", "a"))).Status.ShouldBe(200);
        (await gateway.GetAsync(1, "/", ("X", "a"))).Status.ShouldBe(503);
        (await gateway.GetAsync(1, "/", ("X", "b"))).Status.ShouldBe(200);
        (await gateway.GetAsync(1)).Status.ShouldBe(200);
        (await gateway.GetAsync(1)).Status.ShouldBe(503);
        gateway.Put("""{"limit-req":{"rate":1,"burst":0,"key":"http_x"},"request-id":{}}""");
        (await gateway.GetAsync(1)).Status.ShouldBe(503);
        gateway.Put("""{"limit-req":{"rate":0.9,"burst":0,"key":"http_x"}}""");
        (await gateway.GetAsync(1)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Requests_WithinBurst_WaitForTheirTime(int version)
    {
        await using PluginGateway gateway = await StartAsync("""{"rate":4,"burst":1,"key":"remote_addr"}""", new ManualTimeProvider());
        (await gateway.GetAsync(version)).Status.ShouldBe(200);
        long begun = Stopwatch.GetTimestamp();
        (await gateway.GetAsync(version)).Status.ShouldBe(200);
        Stopwatch.GetElapsedTime(begun).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(200));
    }

    [Theory]
    [InlineData("{}", "property \"rate\" is required")]
    [InlineData("""{"rate":0,"burst":0,"key":"uri"}""", "property \"rate\" validation failed: expected 0 to be greater than 0")]
    [InlineData("""{"rate":1,"burst":-1,"key":"uri"}""", "property \"burst\" validation failed: expected -1 to be at least 0")]
    [InlineData("""{"rate":1,"burst":0}""", "property \"key\" is required")]
    [InlineData("""{"rate":1,"burst":0,"key":"uri","policy":"redis-cluster","redis_cluster_nodes":["a:1"]}""", "policy: redis-cluster is not there; allowed: local")]
    [InlineData("""{"rate":1,"burst":0,"key":"uri","no_delay":true}""", "additional properties forbidden, found no_delay (did you mean nodelay?)")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("limit-req", config, text);

    private static Task<PluginGateway> StartAsync(string config, TimeProvider time) => PluginGateway.StartAsync($$"""{"limit-req":{{config}}}""", time: time);
}
