using System.Net;
using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Primitives;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.LoadBalancing;

/// <summary>Makes nodes and drives pickers for the balancing tests.</summary>
internal static class Balancing
{
    public static TestRequest AnyRequest { get; } = new("a.test", "/");

    public static TestRequest From(uint client) => new("a.test", "/", clientAddress: new IPAddress(client).ToString());

    public static NodeSnapshot[] Nodes(params int[] weights) => Nodes(weights, firstIndex: 0);

    public static NodeSnapshot[] Nodes(int[] weights, int firstIndex) =>
    [
        .. weights.Select((weight, i) =>
        {
            var config = new NodeConfig($"10.0.{i / 250}.{(i % 250) + 1}", 80, weight);
            return new NodeSnapshot(firstIndex + i, config, new NodeState(new NodeKey("upstreams/1", config.Host, config.Port)), []);
        }),
    ];

    public static BalancerState Seeded() => new((ulong)TestSeed.Value);

    public static UpstreamConfig Upstream(string type) => new() { Id = "1", Type = type, Key = "remote_addr" };

    public static INodePicker Picker(string type, BalancerState state, params NodeSnapshot[] nodes) =>
        LoadBalancingPolicies.Get(type).Build(Upstream(type), nodes, state);

    public static NodeSnapshot? PickFirst(INodePicker picker, IRequestView? request = null, long nowMs = 0)
    {
        TriedNodes none = default;
        return PickNext(picker, in none, request, nowMs);
    }

    /// <summary>Picks so often and counts by position.</summary>
    public static int[] Shares(INodePicker picker, NodeSnapshot[] nodes, int picks, in TriedNodes tried = default)
    {
        var counts = new int[nodes.Length];
        for (int i = 0; i < picks; i++)
            counts[PickNext(picker, in tried)!.Index - nodes[0].Index]++;
        return counts;
    }

    /// <summary>
    /// Whether independent draws are within 6 standard deviations of their expected shares: one true count in 500 million is outside, and a run looks at a hundred. The
    /// deviation of a count that each of n draws adds to with probability p is sqrt(n·p·(1 − p)).
    /// </summary>
    public static void ShouldFollow(int[] counts, double[] shares)
    {
        double draws = counts.Sum();
        for (int i = 0; i < counts.Length; i++)
        {
            double off = 6 * Math.Sqrt(draws * shares[i] * (1 - shares[i]));
            ((double)counts[i]).ShouldBeInRange((draws * shares[i]) - off, (draws * shares[i]) + off, $"node {i}, HEADGATE_SEED={TestSeed.Value}");
        }
    }

    public static NodeSnapshot? PickNext(INodePicker picker, in TriedNodes tried, IRequestView? request = null, long nowMs = 0)
    {
        var context = new PickContext(in tried, request ?? AnyRequest) { NowMs = nowMs };
        return picker.Pick(ref context);
    }
}
