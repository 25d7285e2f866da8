using System.Collections.Concurrent;
using System.Net.Sockets;
using Headgate.Core.Config;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary>When plugins run and what stops them, whichever they are.</summary>
public sealed class PluginHostTests
{
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly RecordingKind _first;
    private readonly RecordingKind _second;

    public PluginHostTests() => (_first, _second) = (new RecordingKind("first", 20) { Calls = _calls }, new RecordingKind("second", 10) { Calls = _calls });

    public static TheoryData<int> Versions => [1, 2];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Request_AllPhases_InOrderAndOnce(int version)
    {
        await using PluginGateway gateway = await StartAsync("""{"second":{},"first":{}}""");
        (await gateway.GetAsync(version)).Status.ShouldBe(200);
        await EndedAsync(2);
        _calls.ShouldBe(
        [
            "first.rewrite", "second.rewrite", "first.access", "second.access", "first.before_proxy", "second.before_proxy", "first.head", "second.head", "first.end", "second.end",
        ]);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Answer_StopsDecisions_NotWhatFollowsAnAnswer(int version)
    {
        await using PluginGateway gateway = await StartAsync("""{"first":{"at":"access","do":"answer"},"second":{}}""");
        PluginAnswer answer = await gateway.GetAsync(version);
        (answer.Status, answer.Body).ShouldBe((418, "short and stout"));
        await EndedAsync(2);
        _calls.ShouldBe(["first.rewrite", "second.rewrite", "first.access", "first.head", "second.head", "first.end", "second.end"]);
        gateway.Requests.ShouldBe(0);
    }

    // What it should have decided is refused: no plugin is ever skipped.
    [Theory]
    [InlineData(1, "throw")]
    [InlineData(2, "throw")]
    [InlineData(1, "throw-later")]
    [InlineData(2, "throw-later")]
    public async Task Mistake_InADecision_Is500(int version, string how)
    {
        await using PluginGateway gateway = await StartAsync($$$"""{"first":{"at":"access","do":"{{{how}}}"},"second":{}}""");
        _first.Gate.SetResult();
        (await gateway.GetAsync(version)).Status.ShouldBe(500);
        gateway.Requests.ShouldBe(0);
        gateway.Put("{}");
        (await gateway.GetAsync(version)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("head")]
    [InlineData("end")]
    public async Task Mistake_AfterTheAnswer_HarmsNobody(string phase)
    {
        await using PluginGateway gateway = await StartAsync($$$"""{"first":{"at":"{{{phase}}}","do":"throw"},"second":{}}""");
        (await gateway.GetAsync(1)).Status.ShouldBe(200);
        (await gateway.GetAsync(1)).Status.ShouldBe(200);
        await EndedAsync(4);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Wait_GoesOnWhereItWas(int version)
    {
        await using PluginGateway gateway = await StartAsync("""{"first":{"at":"rewrite","do":"wait"},"second":{}}""");
        Task<PluginAnswer> answer = gateway.GetAsync(version);
        await Eventually.HoldsAsync(() => _calls.Contains("first.rewrite"), "the plugin waits");
        _calls.ShouldNotContain("second.rewrite");
        _first.Gate.SetResult();
        (await answer).Status.ShouldBe(200);
        _calls.ShouldContain(version == 1 && GatewayUnderTest.Transport == TransportKind.Loops ? "back on the loop" : "no loop");
    }

    [Fact]
    public async Task ClientGone_WhileAPluginWaits_EndsOnce()
    {
        await using PluginGateway gateway = await StartAsync("""{"first":{"at":"access","do":"wait"}}""");
        using (Socket client = await gateway.Gateway.ConnectAsync())
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
            await Eventually.HoldsAsync(() => _calls.Contains("first.access"), "the plugin waits");
            client.LingerState = new LingerOption(true, 0);
        }

        _first.Gate.SetResult();
        await EndedAsync(1);
        _calls.Count(call => call == "first.end").ShouldBe(1);
    }

    [Fact]
    public async Task Edit_OfSomethingElse_KeepsTheInstance()
    {
        await using PluginGateway gateway = await StartAsync("""{"first":{"at":"x"}}""");
        gateway.Put("""{"first":{"at":"x"},"second":{}}""", ""","priority":7""");
        gateway.Put("""{"first":{"at":"x","_meta":{"priority":1}},"second":{}}""");
        (_first.Made, _second.Made).ShouldBe((1, 1));
        gateway.Put("""{"first":{"at":"y"},"second":{}}""");
        (_first.Made, _second.Made).ShouldBe((2, 1));
    }

    [Fact]
    public async Task Service_PluginsOfRouteReplaceItsOwn()
    {
        await using PluginGateway gateway = await StartAsync("{}");
        gateway.Gateway.Put(ResourceKind.Service, "s", """{"upstream_id":"u","plugins":{"first":{"at":"access","do":"answer"},"second":{}}}""");
        gateway.Gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","service_id":"s"}""");
        (await gateway.GetAsync(1)).Status.ShouldBe(418);
        gateway.Gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","service_id":"s","plugins":{"first":{}}}""");
        (await gateway.GetAsync(1)).Status.ShouldBe(200);
        _calls.ShouldContain("second.access");
    }

    [Fact]
    public async Task Meta_FilterAndDisable_DecideWhetherItRuns()
    {
        await using PluginGateway gateway = await StartAsync("""{"first":{"at":"access","do":"answer","_meta":{"filter":[["arg_stop","==","1"]]}},"second":{"_meta":{"disable":true}}}""");
        (await gateway.GetAsync(1, "/?stop=1")).Status.ShouldBe(418);
        (await gateway.GetAsync(1, "/?stop=2")).Status.ShouldBe(200);
        _calls.ShouldNotContain(call => call.StartsWith("second"));
    }

    [Theory]
    [InlineData("\"go away\"", "go away", "text/plain")]
    [InlineData("""{"code":7}""", """{"code":7}""", "application/json")]
    public async Task Meta_ErrorResponse_ReplacesTheBodyOfRefusals(string given, string body, string contentType)
    {
        await using PluginGateway gateway = await StartAsync($$$$"""{"first":{"at":"access","do":"answer","_meta":{"error_response":{{{{given}}}}}}}""");
        PluginAnswer answer = await gateway.GetAsync(1);
        (answer.Status, answer.Body).ShouldBe((418, body));
        answer.Fields["Content-Type"].ShouldHaveSingleItem().ShouldStartWith(contentType);
    }

    [Fact]
    public async Task Route_WithoutUpstream_IsServedByItsPlugins()
    {
        await using PluginGateway gateway = await StartAsync("{}");
        gateway.Gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","plugins":{"first":{"at":"rewrite","do":"answer"}}}""");
        (await gateway.GetAsync(1)).Status.ShouldBe(418);
        gateway.Gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","plugins":{"first":{}}}""");
        (await gateway.GetAsync(1)).Status.ShouldBe(503);
    }

    private Task<PluginGateway> StartAsync(string plugins) => PluginGateway.StartAsync(plugins, kinds: [_first, _second]);

    /// <summary>The end is told behind the answer.</summary>
    private Task EndedAsync(int ends) => Eventually.HoldsAsync(() => _calls.Count(call => call.EndsWith(".end", StringComparison.Ordinal)) == ends, $"{ends} ends are told");
}
