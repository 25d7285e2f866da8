using System.Collections.Concurrent;
using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Probes;

/// <summary><c>checks.active.mandatory</c>: a node that enters gets no request before a probe of it succeeds.</summary>
public sealed class MandatoryCheckTests
{
    private const string Mandatory = "\"mandatory\":true,\"healthy\":{\"interval\":1}";
    private static readonly byte[] Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray();

    [Fact]
    public async Task NodeThatEnters_IsHeldBackUntilAProbeSucceeds()
    {
        var seen = new ConcurrentQueue<string>();
        bool isReady = false;
        await using ScriptedNode old = ScriptedNode.StartAnswering("a");
        await using ScriptedNode fresh = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is { } head)
            {
                seen.Enqueue(head);
                if (head.Contains("probe", StringComparison.Ordinal) && !Volatile.Read(ref isReady))
                    await peer.SendAsync("HTTP/1.1 401 -\r\nContent-Length: 0\r\n\r\n"); // counts as nothing, so that it is not unhealthy either
                else
                    await peer.AnswerAsync("b");
            }
        });
        await using GatewayUnderTest gateway = await StartAsync(Mandatory + ",\"host\":\"probe\"", old.Port);

        gateway.Put(ResourceKind.Upstream, "u", Upstream(Mandatory + ",\"host\":\"probe\"", old.Port, fresh.Port));
        NodeState node = gateway.Plane.Upstreams.Find("upstreams/u")!.Nodes[1].State;
        node.Exclusions.ShouldBe(NodeExclusions.Awaited);
        (await AskAsync(gateway, 10)).ShouldBe("aaaaaaaaaa");
        await Eventually.HoldsAsync(() => seen.Count >= 2, "two probes without a verdict");
        (await AskAsync(gateway, 10)).ShouldBe("aaaaaaaaaa");
        seen.ShouldAllBe(head => head.Contains("Host: probe", StringComparison.Ordinal));

        Volatile.Write(ref isReady, true);
        await Eventually.HoldsAsync(() => node.IsUsable, "the first success");
        await Eventually.HoldsAsync(async () => (await AskAsync(gateway, 10)).Count(c => c == 'b') == 5, "its share");
        node.Timeline.Changes.Select(change => (change.Kind, change.Source, change.Reason)).ShouldBe(
        [
            (NodeChangeKind.Awaited, "configuration", "it is new and waits for the first success of a probe"),
            (NodeChangeKind.Admitted, "probe", "the answer was 200"),
        ]);
    }

    [Fact]
    public async Task NodeThatEnters_IsProbedAtOnce()
    {
        await using ScriptedNode old = ScriptedNode.StartAnswering("a");
        await using GatewayUnderTest gateway = await StartAsync("\"mandatory\":true,\"healthy\":{\"interval\":3600}", old.Port);
        await using ScriptedNode fresh = ScriptedNode.StartAnswering("b");

        gateway.Put(ResourceKind.Upstream, "u", Upstream("\"mandatory\":true,\"healthy\":{\"interval\":3600}", old.Port, fresh.Port));

        await Eventually.HoldsAsync(() => gateway.Plane.Upstreams.Find("upstreams/u")!.Nodes[1].State.IsUsable, "its first probe");
    }

    [Fact]
    public async Task NodesOfTheFirstLoad_AreNotHeldBack()
    {
        int refusing = ScriptedNode.RefusingPort(out IDisposable holder);
        using IDisposable held = holder;
        await using GatewayUnderTest gateway = await StartAsync(Mandatory, refusing);

        gateway.Plane.Upstreams.Find("upstreams/u")!.Nodes[0].State.Exclusions.ShouldNotBe(NodeExclusions.Awaited);
    }

    [Fact]
    public async Task AllNodesAwaited_AllAreUsed()
    {
        await using ScriptedNode old = ScriptedNode.StartAnswering("a");
        await using ScriptedNode first = ScriptedNode.Start(peer => ServeWithoutVerdictAsync(peer, "b"));
        await using ScriptedNode second = ScriptedNode.Start(peer => ServeWithoutVerdictAsync(peer, "c"));
        await using GatewayUnderTest gateway = await StartAsync(Mandatory, old.Port);

        gateway.Put(ResourceKind.Upstream, "u", Upstream(Mandatory, first.Port, second.Port));

        (await AskAsync(gateway, 10)).Order().ShouldBe("bbbbbccccc");
        gateway.Plane.Upstreams.Find("upstreams/u")!.Nodes.ShouldAllBe(node => node.State.Exclusions == NodeExclusions.Awaited);
    }

    [Theory]
    [InlineData("\"healthy\":{\"interval\":1}")]
    [InlineData(null)]
    public async Task NotWaitedForAnyMore_TakesPart(string? checks)
    {
        await using ScriptedNode old = ScriptedNode.StartAnswering("a");
        await using ScriptedNode fresh = ScriptedNode.Start(peer => ServeWithoutVerdictAsync(peer, "b"));
        await using GatewayUnderTest gateway = await StartAsync(Mandatory, old.Port);
        gateway.Put(ResourceKind.Upstream, "u", Upstream(Mandatory, old.Port, fresh.Port));
        NodeState node = gateway.Plane.Upstreams.Find("upstreams/u")!.Nodes[1].State;
        node.Exclusions.ShouldBe(NodeExclusions.Awaited);

        gateway.Put(ResourceKind.Upstream, "u", Upstream(checks, old.Port, fresh.Port));

        node.Exclusions.ShouldBe(NodeExclusions.None);
        (await AskAsync(gateway, 10)).Count(c => c == 'b').ShouldBe(5);
    }

    [Fact]
    public async Task NodeThatComesBack_IsHeldBackAgain_AndOneTakenOutIsLeftClean()
    {
        await using ScriptedNode old = ScriptedNode.StartAnswering("a");
        await using ScriptedNode fresh = ScriptedNode.Start(peer => ServeWithoutVerdictAsync(peer, "b"));
        await using GatewayUnderTest gateway = await StartAsync(Mandatory, old.Port, fresh.Port);
        NodeState node = gateway.Plane.Upstreams.Find("upstreams/u")!.Nodes[1].State;
        node.Exclusions.ShouldBe(NodeExclusions.None);

        gateway.Put(ResourceKind.Upstream, "u", Upstream(Mandatory, old.Port));
        gateway.Put(ResourceKind.Upstream, "u", Upstream(Mandatory, old.Port, fresh.Port));
        gateway.Plane.Upstreams.Find("upstreams/u")!.Nodes[1].State.ShouldBe(node);
        node.Exclusions.ShouldBe(NodeExclusions.Awaited);

        gateway.Put(ResourceKind.Upstream, "u", Upstream(Mandatory, old.Port));
        node.Exclusions.ShouldBe(NodeExclusions.None);
    }

    private static async Task ServeWithoutVerdictAsync(ScriptedPeer peer, string body)
    {
        while (await peer.ReadHeadAsync() is { } head)
        {
            if (head.Contains("Connection: close", StringComparison.Ordinal))
                await peer.SendAsync("HTTP/1.1 401 -\r\nContent-Length: 0\r\n\r\n");
            else
                await peer.AnswerAsync(body);
        }
    }

    private static async Task<GatewayUnderTest> StartAsync(string checks, params int[] ports)
    {
        GatewayUnderTest gateway = await GatewayUnderTest.StartAsync();
        gateway.Put(ResourceKind.Upstream, "u", Upstream(checks, ports));
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        return gateway;
    }

    private static string Upstream(string? checks, params int[] ports)
    {
        string nodes = string.Join(',', ports.Select(port => $"\"127.0.0.1:{port}\":1"));
        return $"{{\"nodes\":{{{nodes}}}{(checks is null ? "" : $",\"checks\":{{\"active\":{{{checks}}}}}")}}}";
    }

    private static async Task<string> AskAsync(GatewayUnderTest gateway, int requests)
    {
        using var client = new RawClient(await gateway.ConnectAsync());
        string bodies = "";
        for (int i = 0; i < requests; i++)
            bodies += Encoding.Latin1.GetString((await client.AskAsync(Get)).Body.Span);
        return bodies;
    }
}
