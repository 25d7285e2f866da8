using System.Net;
using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Discovery;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Discovery;
using Headgate.Proxy.Registries;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Discovery;

/// <summary>Requests to nodes that a registry tells of: what its word, its silence and its errors do to them.</summary>
public sealed class DiscoveredTrafficTests : IAsyncDisposable
{
    private static readonly byte[] Get = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    private readonly ScriptedRegistry _registry = new();
    private readonly List<ScriptedNode> _nodes = [];
    private GatewayUnderTest? _gateway;

    [Fact]
    public async Task Instances_ThatComeAndGo_AreServedAtOnce()
    {
        RawClient client = await StartAsync();
        (await client.AskAsync(Get)).Status.ShouldBe(503, "there is no instance yet");
        string first = Node("first"), second = Node("second");

        _registry.Say("web", first);
        await AnswersAsync(client, "first");

        _registry.Say("web", second);
        await AnswersAsync(client, "second");
    }

    [Fact]
    public async Task Registry_ThatFails_CostsNoRequest()
    {
        RawClient client = await StartAsync();
        _registry.Say("web", Node("first"));
        await AnswersAsync(client, "first");

        _registry.Failure = "connection refused";
        _registry.Break("web", "reset");
        await Eventually.HoldsAsync(() => _gateway!.Discovery!.Registries()[0].Last.Status == RegistryStatus.Lost, "the registry is lost");

        for (int i = 0; i < 50; i++)
            (await client.AskAsync(Get)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Instances_ThatVanishTogether_AreHeld_AndHealthChecksTakeTheDeadOut()
    {
        RawClient client = await StartAsync(""","checks":{"active":{"type":"tcp","healthy":{"interval":1},"unhealthy":{"interval":1,"tcp_failures":1}}}""");
        string[] all = [.. Enumerable.Range(0, 10).Select(i => Node($"{i}"))];
        _registry.Say("web", all);
        await Eventually.HoldsAsync(() => _gateway!.Nodes.Count == 10, "ten nodes");

        _registry.Say("web", all[0]);
        await Eventually.HoldsAsync(() => _gateway!.Discovery!.Services()[0].Held is { Missing: 9 }, "nine are held");
        _gateway!.Nodes.Count.ShouldBe(10);
        (await client.AskAsync(Get)).Status.ShouldBe(200);

        await _nodes[3].DisposeAsync();
        _nodes.RemoveAt(3);
        await Eventually.HoldsAsync(() => _gateway.Nodes.Count(static node => node.Health.IsHealthy) == 9, "the dead one is found");

        _gateway.Discovery!.Release(_gateway.Discovery.Services()[0].Key).ShouldBeTrue();
        await Eventually.HoldsAsync(() => _gateway.Nodes.Count == 1, "the registry is believed");
    }

    [Fact]
    public async Task Node_ThatStays_KeepsItsStateThroughTheRegistrysChanges()
    {
        RawClient client = await StartAsync();
        string kept = Node("kept");
        _registry.Say("web", kept);
        await AnswersAsync(client, "kept");
        NodeState node = _gateway!.Nodes[0];

        _registry.Say("web", kept, Node("new"));
        await Eventually.HoldsAsync(() => _gateway.Nodes.Count == 2, "a second node");
        _gateway.Nodes.ShouldContain(node);
        _nodes[0].Accepted.ShouldBe(1, "its connection is kept");
    }

    [Fact]
    public async Task Edit_FromNodesToAService_CostsNoRequest()
    {
        RawClient client = await StartAsync(follows: false);
        string fixedNode = Node("fixed");
        Put($$"""{"nodes":{"{{fixedNode}}":1} }""");
        (await client.AskAsync(Get)).Status.ShouldBe(200);

        Put("""{"service_name":"web","discovery_type":"consul"}""");
        for (int i = 0; i < 10; i++)
            (await client.AskAsync(Get)).Status.ShouldBe(200, "the registry has not answered yet");

        _registry.Say("web", Node("found"));
        await AnswersAsync(client, "found");
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        foreach (ScriptedNode node in _nodes)
            await node.DisposeAsync();
    }

    private async Task<RawClient> StartAsync(string more = "", bool follows = true)
    {
        var options = new DiscoveryOptions { Registries = [new ScriptedConfig("consul")] };
        var loop = new DiscoveryLoop(options, new RegistryServices(TimeProvider.System, NullLoggerFactory.Instance, TestSeed.Value), (_, _) => _registry);
        _gateway = await GatewayUnderTest.StartWithAsync(null, discovery: loop);
        if (follows)
            Put($$"""{"service_name":"web","discovery_type":"consul"{{more}} }""");
        else
            Put("""{"nodes":{}}""");
        _gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        return new RawClient(await _gateway.ConnectAsync());
    }

    private void Put(string upstream) => _gateway!.Put(ResourceKind.Upstream, "u", upstream);

    private string Node(string body)
    {
        _nodes.Add(ScriptedNode.StartAnswering(body));
        return $"{IPAddress.Loopback}:{_nodes[^1].Port}";
    }

    private static Task AnswersAsync(RawClient client, string body) => Eventually.HoldsAsync(
        async () => await client.AskAsync(Get) is { Status: 200 } answer && Encoding.ASCII.GetString(answer.Body.Span) == body, $"{body} answers");
}
