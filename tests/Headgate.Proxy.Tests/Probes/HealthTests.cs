using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Probes;

/// <summary>Health checks through a whole data plane, against nodes on real sockets that die, hang, fail and return.</summary>
public sealed class HealthTests
{
    private const string Quick = """
        "timeout":5,"healthy":{"interval":1,"successes":1},"unhealthy":{"interval":1,"http_failures":1,"tcp_failures":1,"timeouts":1}
        """;

    private static readonly byte[] Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray();

    [Fact]
    public async Task Probe_NodeDiesAndReturns_IsLeftOutAndTakenBackWithoutARequest()
    {
        await using ScriptedNode good = ScriptedNode.StartAnswering("a");
        ScriptedNode other = ScriptedNode.StartAnswering("b");
        int port = other.Port;
        await using GatewayUnderTest gateway = await StartAsync(["127.0.0.1:" + good.Port, "127.0.0.1:" + port], $"\"active\":{{{Quick}}}");

        await other.DisposeAsync();
        await StatusAsync(gateway, 1, HealthStatus.Unhealthy);
        Health(gateway, 1).TcpFailures.ShouldBe(1);
        (await AskAsync(gateway, 20)).ShouldBe("aaaaaaaaaaaaaaaaaaaa");
        gateway.Plane.Counters.Tries(AttemptFailure.Refused).ShouldBe(0); // no request found out

        await using ScriptedNode again = ScriptedNode.Start(peer => peer.AnswerAllAsync("b"), port: port);
        await StatusAsync(gateway, 1, HealthStatus.Healthy);
        (await AskAsync(gateway, 20)).Count(c => c == 'b').ShouldBe(10);
    }

    [Fact]
    public async Task Probe_NodeHangs_IsATimeout()
    {
        await using ScriptedNode good = ScriptedNode.StartAnswering("a");
        await using ScriptedNode hung = ScriptedNode.Start(peer => peer.IgnoreAsync());
        await using GatewayUnderTest gateway = await StartAsync(["127.0.0.1:" + good.Port, "127.0.0.1:" + hung.Port], $"\"active\":{{{Quick.Replace(":5,", ":1,", StringComparison.Ordinal)}}}");

        await StatusAsync(gateway, 1, HealthStatus.Unhealthy);

        Health(gateway, 1).ShouldBe(new HealthCounters(HealthStatus.Unhealthy, 0, 0, 0, 1));
        Health(gateway, 0).Status.ShouldBe(HealthStatus.Healthy);
        (await AskAsync(gateway, 10)).ShouldBe("aaaaaaaaaa");
    }

    [Theory]
    [InlineData("HTTP/1.1 500 Down\r\nContent-Length: 0\r\n\r\n", 0, 1, 0)]
    [InlineData("SSH-2.0-nothing\r\n\r\n", 0, 1, 0)]
    [InlineData("", 0, 0, 1)]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 Down\r\n\r\n", 0, 1, 0)]
    public async Task Probe_BadAnswer_CountsAsApisixDoes(string answer, int successes, int http, int tcp)
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync(answer);
        });
        await using GatewayUnderTest gateway = await StartAsync(["127.0.0.1:" + node.Port], $"\"active\":{{{Quick}}}");

        await StatusAsync(gateway, 0, HealthStatus.Unhealthy);

        Health(gateway, 0).ShouldBe(new HealthCounters(HealthStatus.Unhealthy, successes, http, tcp, 0));
    }

    [Fact]
    public async Task Probe_StatusInNeitherList_CountsAsNothing()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n");
        });
        await using GatewayUnderTest gateway = await StartAsync(["127.0.0.1:" + node.Port], $"\"active\":{{{Quick}}}");

        await Eventually.HoldsAsync(() => gateway.Plane.Health.Probes(HealthEvent.None) >= 2, "two probes");

        Health(gateway, 0).ShouldBe(default);
    }

    [Fact]
    public async Task Probe_EveryField_IsInTheRequest()
    {
        var heads = new ConcurrentQueue<string>();
        await using ScriptedNode probed = ScriptedNode.Start(async peer =>
        {
            heads.Enqueue(await peer.ReadHeadAsync() + Encoding.Latin1.GetString(await peer.ReadBytesAsync(5)));
            await peer.AnswerAsync("");
        });
        await using ScriptedNode node = ScriptedNode.StartAnswering("a");
        await using GatewayUnderTest gateway = await StartAsync(
            ["127.0.0.1:" + node.Port],
            $$"""
            "active":{"port":{{probed.Port}},"host":"probe.test","http_method":"POST","http_path":"/up?x=1","http_req_body":"hello","req_headers":["X-A: 1","User-Agent: me"],{{Quick}}}
            """);

        await Eventually.HoldsAsync(() => !heads.IsEmpty, "a probe");

        heads.First().ShouldBe(
            "POST /up?x=1 HTTP/1.1\r\nX-A: 1\r\nUser-Agent: me\r\nHost: probe.test\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
        node.Accepted.ShouldBe(0);
    }

    [Fact]
    public async Task Probe_Tcp_SendsNothing()
    {
        var received = new ConcurrentQueue<string?>();
        await using ScriptedNode node = ScriptedNode.Start(async peer => received.Enqueue(await peer.ReadHeadAsync()));
        await using GatewayUnderTest gateway = await StartAsync(["127.0.0.1:" + node.Port], $$"""
            "active":{"type":"tcp",{{Quick}}}
            """);

        await Eventually.HoldsAsync(() => !received.IsEmpty, "a probe");

        received.First().ShouldBeNull();
        Health(gateway, 0).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Probe_Https_ChecksTheCertificateWhenAsked(bool verifies)
    {
        using var authority = new TestCertificates();
        using X509Certificate2 certificate = authority.Issue("localhost");
        await using ScriptedNode node = ScriptedNode.StartTls(new SslServerAuthenticationOptions { ServerCertificate = certificate }, peer => peer.AnswerAllAsync("a"));
        await using GatewayUnderTest gateway = await StartAsync(["127.0.0.1:" + node.Port], $$"""
            "active":{"type":"https","https_verify_certificate":{{(verifies ? "true" : "false")}},{{Quick}}}
            """);

        await Eventually.HoldsAsync(() => gateway.Plane.Health.Probes(verifies ? HealthEvent.TcpFailure : HealthEvent.Success) > 0, "a probe");

        await StatusAsync(gateway, 0, verifies ? HealthStatus.Unhealthy : HealthStatus.Healthy);
    }

    [Fact]
    public async Task Probe_NodeTakenOut_IsProbedNoMore()
    {
        await using ScriptedNode a = ScriptedNode.StartAnswering("a");
        await using ScriptedNode b = ScriptedNode.StartAnswering("b");
        await using GatewayUnderTest gateway = await StartAsync(["127.0.0.1:" + a.Port, "127.0.0.1:" + b.Port], $"\"active\":{{{Quick}}}");
        await Eventually.HoldsAsync(() => a.Accepted > 0 && b.Accepted > 0, "probes of both");

        gateway.Put(ResourceKind.Upstream, "u", Upstream(["127.0.0.1:" + a.Port], $"\"active\":{{{Quick}}}"));
        await Eventually.HoldsAsync(() => b.Open == 0, "the end of a probe under way");
        int accepted = b.Accepted, ofA = a.Accepted;
        await Eventually.HoldsAsync(() => a.Accepted >= ofA + 2, "two more probes of the other");

        b.Accepted.ShouldBeLessThanOrEqualTo(accepted + 1); // one may have been on its way
        gateway.Put(ResourceKind.Upstream, "u", Upstream(["127.0.0.1:" + a.Port], null));
        gateway.Plane.Health.Checked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Passive_StatusesOfRequests_TakeTheNodeOut()
    {
        await using ScriptedNode good = ScriptedNode.StartAnswering("a");
        await using ScriptedNode bad = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is { } head)
                await peer.SendAsync(head.StartsWith("GET /probe", StringComparison.Ordinal) ? "HTTP/1.1 401 -\r\nContent-Length: 0\r\n\r\n" : "HTTP/1.1 500 -\r\nContent-Length: 1\r\n\r\nb");
        });
        await using GatewayUnderTest gateway = await StartAsync(
            ["127.0.0.1:" + good.Port, "127.0.0.1:" + bad.Port],
            """
            "active":{"http_path":"/probe","healthy":{"interval":60},"unhealthy":{"interval":60}},"passive":{"unhealthy":{"http_failures":3}}
            """);

        (await AskAsync(gateway, 6)).Count(c => c == 'b').ShouldBe(3);
        await Eventually.HoldsAsync(async () => await AskAsync(gateway, 4) == "aaaa", "the node out");

        Health(gateway, 1).ShouldBe(new HealthCounters(HealthStatus.Unhealthy, 0, 3, 0, 0));
    }

    [Fact]
    public async Task Passive_RefusedTries_CountThoughTheRequestsSucceed()
    {
        await using ScriptedNode good = ScriptedNode.StartAnswering("a");
        int refusing = ScriptedNode.RefusingPort(out IDisposable holder);
        using IDisposable held = holder;
        await using GatewayUnderTest gateway = await StartAsync(
            ["127.0.0.1:" + good.Port, "127.0.0.1:" + refusing],
            """
            "active":{"healthy":{"interval":60},"unhealthy":{"tcp_failures":254}},"passive":{"unhealthy":{"tcp_failures":2}}
            """);

        (await AskAsync(gateway, 10)).ShouldBe("aaaaaaaaaa");
        await StatusAsync(gateway, 1, HealthStatus.Unhealthy);
        Health(gateway, 1).TcpFailures.ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task Passive_ClientThatGoesAway_CountsAsNothing()
    {
        using var asked = new SemaphoreSlim(0);
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            string? head = await peer.ReadHeadAsync();
            if (head!.StartsWith("GET /slow", StringComparison.Ordinal))
            {
                asked.Release();
                await peer.WaitForEndAsync();
            }
        });
        await using GatewayUnderTest gateway = await StartAsync(["127.0.0.1:" + node.Port], """
            "active":{"type":"tcp","healthy":{"interval":60}},"passive":{"unhealthy":{"tcp_failures":1,"timeouts":1}}
            """);

        using (Socket client = await gateway.ConnectAsync())
        {
            await client.SendAsync("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            await asked.WaitAsync(TestContext.Current.CancellationToken);
            client.LingerState = new LingerOption(true, 0);
        }

        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ClientsGone == 1, "the client's end");
        Health(gateway, 0).ShouldBe(default);
    }

    [Fact]
    public async Task Disabled_NothingIsProbedAndNothingCounts()
    {
        await using ScriptedNode bad = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is not null)
                await peer.SendAsync("HTTP/1.1 500 -\r\nContent-Length: 1\r\n\r\nb");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(null, checksHealth: false);
        gateway.Put(ResourceKind.Upstream, "u", Upstream(["127.0.0.1:" + bad.Port], $"\"active\":{{{Quick}}},\"passive\":{{\"unhealthy\":{{\"http_failures\":1}}}}"));
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");

        (await AskAsync(gateway, 5)).ShouldBe("bbbbb");

        gateway.Plane.Health.Checked.ShouldBeEmpty();
        bad.Accepted.ShouldBe(1); // the requests' own connection
    }

    private static async Task<GatewayUnderTest> StartAsync(string[] nodes, string checks)
    {
        GatewayUnderTest gateway = await GatewayUnderTest.StartAsync();
        gateway.Put(ResourceKind.Upstream, "u", Upstream(nodes, checks));
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        return gateway;
    }

    private static string Upstream(string[] nodes, string? checks)
    {
        string list = string.Join(',', nodes.Select(node => $"\"{node}\":1"));
        return $"{{\"nodes\":{{{list}}}{(checks is null ? "" : $",\"checks\":{{{checks}}}")}}}";
    }

    private static HealthCounters Health(GatewayUnderTest gateway, int node) => gateway.Plane.Health.Find("upstreams/u")!.Upstream.Nodes[node].State.Health.Counters;

    /// <summary>Waits for the state, and for the picks to follow it.</summary>
    private static async Task StatusAsync(GatewayUnderTest gateway, int node, HealthStatus status)
    {
        await Eventually.HoldsAsync(() => Health(gateway, node).Status == status, $"node {node} {status}");
        UpstreamSnapshot upstream = gateway.Plane.Health.Find("upstreams/u")!.Upstream;
        if (upstream.Nodes.Count > 1)
            await Eventually.HoldsAsync(() => Picks(upstream).Contains(node) == (status == HealthStatus.Healthy), "the picks");
    }

    private static int[] Picks(UpstreamSnapshot upstream)
    {
        return [.. Enumerable.Range(0, upstream.Nodes.Count).Select(_ => PickOne())];

        int PickOne()
        {
            TriedNodes none = default;
            var context = new PickContext(in none, new TestRequest("x", "/"));
            return upstream.Pick(ref context)!.Index;
        }
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
