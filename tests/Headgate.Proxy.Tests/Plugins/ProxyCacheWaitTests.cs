using System.Net;
using System.Net.Sockets;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary>Requests that ask <c>proxy-cache</c> for the same at the same time, in front of a node that answers when it is told to.</summary>
public sealed class ProxyCacheWaitTests
{
    private const int Clients = 20;

    private volatile TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string _fields = "";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task SameTarget_AsksTheNodeOnce(int version)
    {
        await using PluginGateway gateway = await StartAsync();
        Task<PluginAnswer>[] asked = await AskAsync(gateway, version);
        _gate.SetResult();
        PluginAnswer[] answers = await Task.WhenAll(asked);
        answers.ShouldAllBe(answer => answer.Status == 200 && answer.Body == "a");
        answers.Count(static answer => answer.Fields["Apisix-Cache-Status"].Single() == "HIT").ShouldBe(Clients - 1);
        gateway.Requests.ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task AnswerForOneOnly_EachAsksItself_AndNobodyWaitsAfterwards(int version)
    {
        await using PluginGateway gateway = await StartAsync();
        _fields = "Cache-Control: private\r\n";
        Task<PluginAnswer>[] asked = await AskAsync(gateway, version);
        _gate.SetResult();
        (await Task.WhenAll(asked)).ShouldAllBe(answer => answer.Status == 200 && answer.Fields["Apisix-Cache-Status"].Single() == "MISS");
        gateway.Requests.ShouldBe(Clients);

        _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        asked = [.. Enumerable.Range(0, 3).Select(_ => gateway.GetAsync(version))];
        await Eventually.HoldsAsync(() => gateway.Requests == Clients + 3, "all are at the node");
        _gate.SetResult();
        await Task.WhenAll(asked);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task AskingClientGoesAway_AnotherAsks(int version)
    {
        await using PluginGateway gateway = await StartAsync();
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
        await first.ConnectAsync(IPAddress.Loopback, gateway.Gateway.Port);
        await first.SendAsync("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"u8.ToArray());
        await Eventually.HoldsAsync(() => gateway.Requests == 1, "it is at the node");
        Task<PluginAnswer>[] asked = [.. Enumerable.Range(0, 3).Select(_ => gateway.GetAsync(version))];
        first.Dispose(); // a reset
        await Eventually.HoldsAsync(() => gateway.Requests == 2, "one of those that waited asks");
        _gate.SetResult();
        (await Task.WhenAll(asked)).ShouldAllBe(answer => answer.Status == 200 && answer.Body == "a");
        gateway.Requests.ShouldBe(2);
    }

    /// <summary>Sends requests, the first of which is at the node when this returns. One that comes later still than its answer finds that kept, or knows that it is not.</summary>
    private static async Task<Task<PluginAnswer>[]> AskAsync(PluginGateway gateway, int version)
    {
        Task<PluginAnswer> first = gateway.GetAsync(version);
        await Eventually.HoldsAsync(() => gateway.Requests == 1, "the first is at the node");
        return [first, .. Enumerable.Range(1, Clients - 1).Select(_ => gateway.GetAsync(version))];
    }

    private Task<PluginGateway> StartAsync() => PluginGateway.StartAsync(
        """{"proxy-cache":{"cache_strategy":"memory","cache_zone":"memory_cache"}}""",
        respond: async (peer, _) =>
        {
            await _gate.Task.WaitAsync(peer.Stopping);
            await peer.SendAsync($"HTTP/1.1 200 OK\r\n{_fields}Content-Length: 1\r\n\r\na");
        });
}
