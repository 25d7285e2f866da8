using System.Security.Cryptography;
using System.Text;
using Headgate.Core.Config;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>The promise that an edit never costs a request.</summary>
public sealed class LiveEditTests
{
    [Fact]
    public async Task EditsUnderLoad_NoRequestFails_AndEveryBodyIsWhole()
    {
        byte[] content = new byte[100_000];
        new Random(TestSeed.Value).NextBytes(content);
        byte[] digest = SHA256.HashData(content);
        ScriptedNode[] nodes = [.. Enumerable.Range(0, 4).Select(_ => ScriptedNode.Start(peer => ServeAsync(peer, content)))];
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync(nodes.Select(node => node.Port));
        using var enough = new CancellationTokenSource();
        int served = 0;
        Task[] clients = [.. Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            using var client = new RawClient(await gateway.ConnectAsync());
            while (!enough.IsCancellationRequested)
            {
                (int status, ReadOnlyMemory<byte> body) = await client.AskAsync("GET /file HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
                status.ShouldBe(200);
                SHA256.HashData(body.Span).ShouldBe(digest);
                Interlocked.Increment(ref served);
            }
        }))];

        // Every edit that leaves at least one living node; each is made while answers are under way.
        var random = new Random(TestSeed.Value);
        string[] more = ["", ",\"keepalive_pool\":{\"size\":1,\"idle_timeout\":1,\"requests\":3}", ",\"type\":\"chash\",\"key\":\"remote_addr\"", ",\"retries\":1", ",\"pass_host\":\"node\""];
        for (int edit = 0; edit < 300 && !clients.Any(c => c.IsCompleted); edit++)
        {
            int before = Volatile.Read(ref served);
            int[] kept = [.. nodes.Where(_ => random.Next(2) == 0).DefaultIfEmpty(nodes[random.Next(4)]).Select(node => node.Port)];
            string extra = more[random.Next(more.Length)];
            string ports = string.Join(",", kept.Select(port => $$"""{"host":"127.0.0.1","port":{{port}},"weight":{{random.Next(1, 9)}}}"""));
            gateway.Put(ResourceKind.Upstream, "u", $$"""{"nodes":[{{ports}}]{{extra}}}""");
            await Eventually.HoldsAsync(() => Volatile.Read(ref served) > before || clients.Any(c => c.IsCompleted), "a request between two edits");
        }

        await enough.CancelAsync();
        await Task.WhenAll(clients);
        served.ShouldBeGreaterThan(300);
        gateway.Plane.Counters.RequestsByStatusClass(5).ShouldBe(0);
        foreach (ScriptedNode node in nodes)
            await node.DisposeAsync();
    }

    [Theory]
    [InlineData(""","retries":2""")]
    [InlineData(""","name":"renamed","desc":"d","labels":{"a":"b"}""")]
    [InlineData(""","timeout":{"connect":5,"send":5,"read":5}""")]
    [InlineData(""","pass_host":"rewrite","upstream_host":"in.test" """)]
    [InlineData(""","type":"least_conn" """)]
    [InlineData(""","type":"ewma" """)]
    [InlineData(""","type":"p2c" """)]
    [InlineData(""","retry_timeout":5""")]
    [InlineData(""","checks":{"active":{"type":"tcp","port":1}}""")]
    [InlineData(""","tls":{"verify":true}""")]
    public async Task EditThatKeepsSchemeTlsAndPool_OpensNoConnectionToKeptNodes(string more)
    {
        await using ScriptedNode first = ScriptedNode.StartAnswering("1");
        await using ScriptedNode second = ScriptedNode.StartAnswering("2");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([first.Port]);
        using var client = new RawClient(await gateway.ConnectAsync());
        byte[] get = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        for (int i = 0; i < 10; i++)
            await client.AskAsync(get);
        gateway.PutUpstream("u", [first.Port], more);
        for (int i = 0; i < 10; i++)
            await client.AskAsync(get);
        gateway.PutUpstream("u", [first.Port, second.Port], more);
        // At least ten, and as many as chance needs: ewma compares a new node with a mean that is up to 100 ms old.
        int asked = 20;
        for (int i = 0; i < 10 || (i < 100_000 && second.Accepted == 0); i++, asked++)
            (await client.AskAsync(get)).Status.ShouldBe(200);
        first.Accepted.ShouldBe(1 + ((asked - 2) / KeepalivePoolConfig.Default.Requests)); // a connection serves so many; the last request of many was the second node's
        second.Accepted.ShouldBe(1);
    }

    private static async Task ServeAsync(ScriptedPeer peer, byte[] content)
    {
        while (await peer.ReadHeadAsync() is not null)
        {
            await peer.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {content.Length}\r\n\r\n");
            await peer.SendAsync(content);
        }
    }
}
