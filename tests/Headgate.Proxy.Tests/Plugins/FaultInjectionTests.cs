using System.Diagnostics;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>fault-injection</c> through the whole gateway.</summary>
public sealed class FaultInjectionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Abort_IsAnswered_AndTheNodeNotAsked(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """{"fault-injection":{"abort":{"http_status":420,"body":"no $request_method of $arg_what\n","headers":{"X-Fault":"$arg_what","X-N":5}}}}""");
        PluginAnswer answer = await gateway.GetAsync(version, "/?what=tea");
        (answer.Status, answer.Body).ShouldBe((420, "no GET of tea\n"));
        (answer.Fields["X-Fault"].Single(), answer.Fields["X-N"].Single()).ShouldBe(("tea", "5"));
        gateway.Requests.ShouldBe(0);
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(503, "Service Unavailable")]
    public async Task Abort_WithoutABody_IsTheGatewaysOwn(int status, string text)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$$$"""{"fault-injection":{"abort":{"http_status":{{{{status}}}}}}}""");
        PluginAnswer answer = await gateway.GetAsync(1);
        answer.Status.ShouldBe(status);
        answer.Body.ShouldContain(text);
        gateway.Requests.ShouldBe(0);
    }

    [Theory]
    [InlineData("""[[["arg_a","==","1"]],[["arg_b","==","1"],["arg_c","==","1"]]]""", "/?a=1", true)]
    [InlineData("""[[["arg_a","==","1"]],[["arg_b","==","1"],["arg_c","==","1"]]]""", "/?b=1&c=1", true)]
    [InlineData("""[[["arg_a","==","1"]],[["arg_b","==","1"],["arg_c","==","1"]]]""", "/?b=1", false)]
    [InlineData("[[]]", "/", true)]
    [InlineData("[]", "/", false)]
    public async Task Vars_OneMustHold(string vars, string path, bool isAborted)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$$$"""{"fault-injection":{"abort":{"http_status":418,"body":"","vars":{{{{vars}}}}}}}""");
        (await gateway.GetAsync(1, path)).Status.ShouldBe(isAborted ? 418 : 200);
    }

    // The seed of the test's gateway is fixed, and so is what it draws.
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(30, 60, 125)]
    [InlineData(100, 300, 300)]
    public async Task Percentage_IsTheShareOfRequests(int percentage, int least, int most)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$$$"""{"fault-injection":{"abort":{"http_status":418,"percentage":{{{{percentage}}}}}}}""");
        int aborted = 0;
        for (int i = 0; i < 300; i++)
            aborted += (await gateway.GetAsync(1)).Status == 418 ? 1 : 0;
        aborted.ShouldBeInRange(least, most);
    }

    [Theory]
    [InlineData(1, """{"delay":{"duration":0.3}}""", 200, true)]
    [InlineData(2, """{"delay":{"duration":0.3},"abort":{"http_status":418}}""", 418, true)]
    [InlineData(1, """{"delay":{"duration":3600,"percentage":0}}""", 200, false)]
    [InlineData(2, """{"delay":{"duration":3600,"vars":[[["arg_a","==","1"]]]}}""", 200, false)]
    [InlineData(1, """{"delay":{"duration":0}}""", 200, false)]
    public async Task Delay_HoldsTheRequestUp(int version, string config, int status, bool isDelayed)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"fault-injection":{{config}}}""");
        long begun = Stopwatch.GetTimestamp();
        (await gateway.GetAsync(version)).Status.ShouldBe(status);
        if (isDelayed)
            Stopwatch.GetElapsedTime(begun).TotalMilliseconds.ShouldBeGreaterThan(280);
    }

    [Theory]
    [InlineData("{}", "expect object to have at least 1 properties")]
    [InlineData("""{"abort":{}}""", "property \"http_status\" is required")]
    [InlineData("""{"abort":{"http_status":100}}""", "property \"http_status\" validation failed: expected 100 to be at least 200")]
    [InlineData("""{"abort":{"http_status":600}}""", "600 is no status; allowed: 200 to 599")]
    [InlineData("""{"abort":{"http_status":200,"percentage":101}}""", "expected 101 to be at most 100")]
    [InlineData("""{"abort":{"http_status":200,"vars":[["arg_a","==","1"]]}}""", "rule")]
    [InlineData("""{"abort":{"http_status":200,"vars":["a"]}}""", "wrong type: expected array, got string")]
    [InlineData("""{"abort":{"http_status":200,"headers":{}}}""", "expect object to have at least 1 properties")]
    [InlineData("""{"delay":{}}""", "property \"duration\" is required")]
    [InlineData("""{"delay":{"duration":-1}}""", "property \"duration\" validation failed: expected -1 to be at least 0")]
    [InlineData("""{"abort":{"http_status":200,"status":1}}""", "additional properties forbidden, found status")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("fault-injection", config, text);
}
