using Headgate.Proxy.Plugins;
using Headgate.Proxy.Plugins.ApiBreaker;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>api-breaker</c> through the whole gateway, before a node whose status depends on the path.</summary>
public sealed class ApiBreakerTests
{
    private static readonly ApiBreakerConfig Config = new() { ResponseCode = 502 };

    // Runs after the breaker: a request is counted at its end, which may come after its answer.
    private readonly RecordingKind _recording = new("recording", 1);
    private int _sent;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Failures_InARow_AreRefusedForATime(int version)
    {
        var time = new ManualTimeProvider();
        await using PluginGateway gateway = await StartAsync(
            """
            "break_response_code":503,"break_response_body":"later","break_response_headers":[{"key":"Content-Type","value":"application/x-a"},{"key":"X-Path","value":"$uri!"}],
             "unhealthy":{"http_statuses":[500,503],"failures":2}
            """,
            "500 Oops\r\n",
            time);
        (await GetAsync(gateway, version, "/a?n=1")).Status.ShouldBe(500);
        (await GetAsync(gateway, version, "/a?n=2")).Status.ShouldBe(500);
        PluginAnswer refused = await GetAsync(gateway, version, "/a");
        (refused.Status, refused.Body, refused.Fields["Content-Type"].Single(), refused.Fields["X-Path"].Single()).ShouldBe((503, "later", "application/x-a", "/a!"));
        (await GetAsync(gateway, version, "/b")).Status.ShouldBe(500);
        (await GetAsync(gateway, version, "/a", ("Host", "other.test"))).Status.ShouldBe(500);
        int before = gateway.Requests;
        time.Advance(TimeSpan.FromMilliseconds(1999));
        (await GetAsync(gateway, version, "/a")).Status.ShouldBe(503);
        gateway.Requests.ShouldBe(before);

        // Twice as many failures, twice as long. The refusals were no failures, whatever their status.
        time.Advance(TimeSpan.FromMilliseconds(1));
        (await GetAsync(gateway, version, "/a")).Status.ShouldBe(500);
        (await GetAsync(gateway, version, "/a")).Status.ShouldBe(500);
        time.Advance(TimeSpan.FromMilliseconds(3999));
        (await GetAsync(gateway, version, "/a")).Status.ShouldBe(503);
        time.Advance(TimeSpan.FromMilliseconds(1));
        (await GetAsync(gateway, version, "/a")).Status.ShouldBe(500);
    }

    [Fact]
    public async Task NodeThatCannotBeReached_IsA502()
    {
        await using PluginGateway gateway = await StartAsync(""" "break_response_code":599,"unhealthy":{"http_statuses":[502],"failures":1} """, "200 OK\r\n", TimeProvider.System);
        using (var closed = new BlockingNode(static _ => { }))
            gateway.Gateway.PutUpstream("u", [closed.EndPoint.Port]);
        (await GetAsync(gateway, 1)).Status.ShouldBe(502);
        (await GetAsync(gateway, 1)).Status.ShouldBe(599);
    }

    [Fact]
    public async Task Answers_OfOtherStatuses_AreNotCounted()
    {
        await using PluginGateway gateway = await StartAsync(""" "break_response_code":599,"unhealthy":{"failures":1} """, "501 No\r\n", TimeProvider.System);
        for (int i = 0; i < 5; i++)
            (await GetAsync(gateway, 1)).Status.ShouldBe(501);
    }

    [Fact]
    public void Successes_InARow_ForgetTheFailures()
    {
        var state = new BreakerState();
        Fail(state, 0, times: 2);
        state.Succeed(Config);
        state.Succeed(Config);
        Fail(state, 0); // begins the successes anew
        state.IsBroken(1999).ShouldBeTrue();
        state.IsBroken(2000).ShouldBeFalse();
        state.Succeed(Config);
        state.Succeed(Config);
        state.TryRetire(2000, always: false).ShouldBeFalse();
        state.Succeed(Config);
        Fail(state, 2000, times: 2);
        state.IsBroken(2000).ShouldBeFalse();
        Fail(state, 2000);
        state.IsBroken(3999).ShouldBeTrue();
        state.IsBroken(4000).ShouldBeFalse();
    }

    [Fact]
    public void Break_GrowsToItsMaximum()
    {
        var state = new BreakerState();
        long[] lengths = [.. Enumerable.Range(0, 40).Select(_ =>
        {
            Fail(state, 0, times: 3);
            return Enumerable.Range(1, 400).First(second => !state.IsBroken(second * 1000L));
        }).Select(second => (long)second)];
        lengths[..9].ShouldBe([2, 4, 8, 16, 32, 64, 128, 256, 300]);
        lengths[9..].ShouldAllBe(length => length == 300);
    }

    [Fact]
    public void Retired_CountsNothingMore()
    {
        var state = new BreakerState();
        state.TryRetire(0, always: false).ShouldBeTrue();
        state.TryFail(Config, 0).ShouldBeFalse();
    }

    [Fact]
    public void Config_Defaults_AreApisixs()
    {
        var config = (ApiBreakerConfig)PluginConfigs.Read("api-breaker", """{"break_response_code":502,"unhealthy":{},"healthy":{}}""");
        config.ShouldBe(Config);
        (config.BreakSecondsMax, config.Failures, config.Successes).ShouldBe((300, 3, 3));
        config.UnhealthyStatuses.ShouldBe([500]);
        config.HealthyStatuses.ShouldBe([200]);
    }

    [Theory]
    [InlineData("{}", "property \"break_response_code\" is required")]
    [InlineData("""{"break_response_code":199}""", "property \"break_response_code\" validation failed: expected 199 to be at least 200")]
    [InlineData("""{"break_response_code":502,"max_breaker_sec":2}""", "property \"max_breaker_sec\" validation failed: expected 2 to be at least 3")]
    [InlineData("""{"break_response_code":502,"unhealthy":{"http_statuses":[499]}}""", "expected 499 to be at least 500")]
    [InlineData("""{"break_response_code":502,"healthy":{"http_statuses":[500]}}""", "expected 500 to be at most 499")]
    [InlineData("""{"break_response_code":502,"healthy":{"http_statuses":[]}}""", "expect array to have at least 1 items")]
    [InlineData("""{"break_response_code":502,"unhealthy":{"failure":1}}""", "additional properties forbidden, found failure (did you mean failures?)")]
    [InlineData("""{"break_response_code":502,"break_response_headers":[{"key":"X"}]}""", "property \"value\" is required")]
    [InlineData("""{"break_response_code":502,"break_response_headers":[{"key":"Content-Length","value":"1"}]}""", "Content-Length is written by the gateway itself")]
    [InlineData("""{"break_response_code":502,"break_response_headers":[{"key":"X Y","value":"1"}]}""", "\"X Y\" is no name of a header field")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("api-breaker", config, text);

    private static void Fail(BreakerState state, long nowMs, int times = 1)
    {
        for (int i = 0; i < times; i++)
            state.TryFail(Config, nowMs).ShouldBeTrue();
    }

    private Task<PluginGateway> StartAsync(string config, string answer, TimeProvider time) =>
        PluginGateway.StartAsync($$"""{"api-breaker":{ {{config}} },"recording":{} }""", answer, [.. PluginKinds.All, _recording], time);

    /// <summary>Sends a request and waits for its end.</summary>
    private async Task<PluginAnswer> GetAsync(PluginGateway gateway, int version, string path = "/", params (string Name, string Value)[] fields)
    {
        PluginAnswer answer = await gateway.GetAsync(version, path, fields);
        _sent++;
        await Eventually.HoldsAsync(() => _recording.Calls.Count(call => call == "recording.end") == _sent, "the request ends");
        return answer;
    }
}
