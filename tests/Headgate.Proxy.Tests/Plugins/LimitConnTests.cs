using System.Diagnostics;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>limit-conn</c> through the whole gateway, in front of a node that answers when it is told to.</summary>
public sealed class LimitConnTests : IAsyncDisposable
{
    private volatile TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ScriptedNode _node;
    private int _seen;

    public LimitConnTests() => _node = ScriptedNode.Start(async peer =>
    {
        while (await peer.ReadHeadAsync() is not null)
        {
            Interlocked.Increment(ref _seen);
            await _gate.Task.WaitAsync(peer.Stopping);
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Requests_AboveConn_AreRefusedUntilOneEnds(int version)
    {
        await using PluginGateway gateway = await StartAsync("""{"conn":2,"burst":0,"default_conn_delay":1,"key":"remote_addr","rejected_code":429,"rejected_msg":"busy"}""");
        Task<PluginAnswer> first = gateway.GetAsync(version), second = gateway.GetAsync(version);
        await SeenAsync(2);
        PluginAnswer refused = await gateway.GetAsync(version);
        (refused.Status, refused.Body).ShouldBe((429, "{\"error_msg\":\"busy\"}\n"));

        _gate.SetResult();
        (await first).Status.ShouldBe(200);
        (await second).Status.ShouldBe(200);
        await Eventually.HoldsAsync(async () => (await gateway.GetAsync(version)).Status == 200, "there is room again");
    }

    [Fact]
    public async Task Keys_AreCountedApart()
    {
        await using PluginGateway gateway = await StartAsync("""{"conn":1,"burst":0,"default_conn_delay":1,"key":"$http_x $arg_y","key_type":"var_combination"}""");
        Task<PluginAnswer> first = gateway.GetAsync(1, "/?y=1", ("X", "a"));
        await SeenAsync(1);
        (await gateway.GetAsync(1, "/?y=1", ("X", "a"))).Status.ShouldBe(503);
        Task<PluginAnswer> other = gateway.GetAsync(1, "/?y=2", ("X", "a"));
        await SeenAsync(2);
        _gate.SetResult();
        (await first).Status.ShouldBe(200);
        (await other).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ClientGone_IsCountedDownOnce(int version)
    {
        await using PluginGateway gateway = await StartAsync("""{"conn":1,"burst":0,"default_conn_delay":1,"key":"uri"}""");
        using (var gone = new CancellationTokenSource())
        using (var client = new HttpClient())
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{gateway.Gateway.Port}/") { Version = new Version(version, version == 1 ? 1 : 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            Task<HttpResponseMessage> sent = client.SendAsync(request, gone.Token);
            await SeenAsync(1);
            await gone.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(sent);
        }

        _gate.SetResult();
        await Eventually.HoldsAsync(async () => (await gateway.GetAsync(version)).Status == 200, "the request that was given up counts no more");
        _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int seen = Volatile.Read(ref _seen);
        Task<PluginAnswer> one = gateway.GetAsync(version);
        await SeenAsync(seen + 1);
        (await gateway.GetAsync(version)).Status.ShouldBe(503);
        _gate.SetResult();
        (await one).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Requests_WithinBurst_WaitFirst(int version)
    {
        await using PluginGateway gateway = await StartAsync("""{"conn":1,"burst":1,"default_conn_delay":0.3,"only_use_default_delay":true,"key":"remote_addr"}""");
        Task<PluginAnswer> first = gateway.GetAsync(version);
        await SeenAsync(1);
        long begun = Stopwatch.GetTimestamp();
        Task<PluginAnswer> second = gateway.GetAsync(version);
        await SeenAsync(2);
        Stopwatch.GetElapsedTime(begun).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(250));
        (await gateway.GetAsync(version)).Status.ShouldBe(503);
        _gate.SetResult();
        (await first).Status.ShouldBe(200);
        (await second).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("{}", "property \"conn\" is required")]
    [InlineData("""{"conn":0,"burst":0,"default_conn_delay":1,"key":"uri"}""", "property \"conn\" validation failed: expected 0 to be at least 1")]
    [InlineData("""{"conn":"$http_x","burst":0,"default_conn_delay":1,"key":"uri"}""", "conn: a text with variables is not there yet; allowed: an integer from 1")]
    [InlineData("""{"conn":1,"burst":-1,"default_conn_delay":1,"key":"uri"}""", "property \"burst\" validation failed: expected -1 to be at least 0")]
    [InlineData("""{"conn":1,"burst":0,"default_conn_delay":0,"key":"uri"}""", "property \"default_conn_delay\" validation failed: expected 0 to be greater than 0")]
    [InlineData("""{"conn":1,"burst":0,"default_conn_delay":1}""", "property \"key\" is required")]
    [InlineData("""{"conn":1,"burst":0,"default_conn_delay":1,"key":"uri","key_type":"constant"}""", "matches none of the enum values (given \"constant\"; allowed: var, var_combination)")]
    [InlineData("""{"conn":1,"burst":0,"default_conn_delay":1,"key":"uri","policy":"redis","redis_host":"a"}""", "policy: redis is not there; allowed: local")]
    [InlineData("""{"default_conn_delay":1,"rules":[]}""", "rules is not there yet")]
    [InlineData("""{"conn":1,"burst":0,"default_conn_delay":1,"key":"uri","rejected_code":199}""", "expected 199 to be at least 200")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("limit-conn", config, text);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private async Task<PluginGateway> StartAsync(string config)
    {
        PluginGateway gateway = await PluginGateway.StartAsync("{}");
        gateway.Gateway.PutUpstream("u", [_node.Port]);
        gateway.Put($$"""{"limit-conn":{{config}}}""");
        return gateway;
    }

    private Task SeenAsync(int count) => Eventually.HoldsAsync(() => Volatile.Read(ref _seen) == count, $"the node sees {count} requests");
}
