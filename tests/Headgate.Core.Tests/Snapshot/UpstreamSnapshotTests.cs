using Headgate.Core.LoadBalancing;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Snapshot;

public sealed class UpstreamSnapshotTests : IDisposable
{
    private readonly Gateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("""{"nodes":{"10.0.0.1:80":1,"10.0.0.2:80":1,"10.0.0.3:80":1}}""", 3)]
    [InlineData("""{"nodes":{"10.0.0.1:80":1}}""", 1)]
    [InlineData("""{"nodes":{}}""", 1)]
    [InlineData("""{"nodes":{"10.0.0.1:80":1,"10.0.0.2:80":1},"retries":0}""", 1)]
    [InlineData("""{"nodes":{"10.0.0.1:80":1},"retries":4}""", 5)]
    public void TriesMax_IsOneMoreThanTheRetriesWhoseDefaultIsNodesMinusOne(string upstream, int tries) => Build(upstream).TriesMax.ShouldBe(tries);

    [Fact]
    public void Pick_Priorities_HighestFirstAndWeightZeroLastOfItsPriority()
    {
        UpstreamSnapshot upstream = Build(
            """
            {"nodes":[{"host":"low","port":1,"weight":1,"priority":-1},{"host":"zero","port":1,"weight":0,"priority":5},
            {"host":"high","port":1,"weight":1,"priority":5},{"host":"middle","port":1,"weight":9}]}
            """);

        PickAll(upstream).ShouldBe(["high", "zero", "middle", "low"]);
    }

    [Fact]
    public void Pick_NoNodes_IsNull() => PickAll(Build("""{"nodes":{}}""")).ShouldBeEmpty();

    [Fact]
    public void Pick_OnlyNode_IsGivenForEveryTry()
    {
        UpstreamSnapshot upstream = Build("""{"nodes":{"10.0.0.1:80":1},"retries":2}""");
        TriedNodes tried = default;
        tried.Add(0);
        var context = new PickContext(in tried, new TestRequest("a.test", "/"));

        upstream.Pick(ref context)!.Index.ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"nodes":{"a.test:80":1},"pass_host":"node"}""", "a.test")]
    [InlineData("""{"nodes":{"a.test:81":1},"pass_host":"node"}""", "a.test:81")]
    [InlineData("""{"nodes":{"a.test:443":1},"pass_host":"node","scheme":"https"}""", "a.test")]
    [InlineData("""{"nodes":{"a.test:80":1},"pass_host":"node","scheme":"https"}""", "a.test:80")]
    [InlineData("""{"nodes":[{"host":"[::1]","port":8080,"weight":1}],"pass_host":"node"}""", "[::1]:8080")]
    [InlineData("""{"nodes":{"a.test:80":1}}""", "")]
    public void HostHeader_PassHostNode_HasThePortUnlessStandard(string upstream, string header) =>
        System.Text.Encoding.ASCII.GetString(Build(upstream).Nodes[0].HostHeader).ShouldBe(header);

    [Fact]
    public void RewriteHost_PassHostRewrite_IsTheHost() =>
        Build("""{"nodes":{"a.test:80":1},"pass_host":"rewrite","upstream_host":"x.test"}""").RewriteHost.ShouldBe("x.test"u8.ToArray());

    private static List<string> PickAll(UpstreamSnapshot upstream)
    {
        TriedNodes tried = default;
        var hosts = new List<string>();
        while (true)
        {
            var context = new PickContext(in tried, new TestRequest("a.test", "/"));
            if (upstream.Pick(ref context) is not { } node)
                return hosts;
            hosts.Add(node.Config.Host);
            tried.Add(node.Index);
        }
    }

    private UpstreamSnapshot Build(string upstream) => _gateway.PutUpstream(upstream);
}
