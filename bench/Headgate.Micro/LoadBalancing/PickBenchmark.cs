using System.Diagnostics;
using System.Globalization;
using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Micro.LoadBalancing;

/// <summary>
/// Nanoseconds per pick of each policy with 2, 10, 100 and 1,000 nodes of weights 1 to 5, each with requests in flight and a known latency, and what picks allocate. The
/// policies take turns and the median of the turns counts. One thread: the counters' cache line is never another core's.
/// </summary>
internal static class PickBenchmark
{
    private const int Turns = 15;
    private const int Picks = 20_000;
    private static readonly int[] Sizes = [2, 10, 100, 1_000];

    // What stands behind the comma is put around the policy, or changes its nodes.
    private static readonly string[] Names =
    [
        .. LoadBalancingTypes.All, "least_conn, idle", "least_conn, any weight", "chash, bounded", "maglev, bounded", "roundrobin, sticky", "roundrobin, subset",
        "roundrobin, gated", "roundrobin, warming", "roundrobin, full", "chash, warming", "least_conn, warming",
    ];

    /// <summary>Runs and prints a table.</summary>
    public static void Run()
    {
        NodeSnapshot[] two = Nodes(2, "");
        TestRequest[] requests = [.. Enumerable.Range(1, 64).Select(i => AffinePicker.With(new TestRequest("a.test", "/", clientAddress: $"10.1.{i}.7"), two, i))];
        INodePicker[][] pickers = [.. Names.Select(name => Sizes.Select(size => Picker(name, size)).ToArray())];
        double[][][] times = [.. Names.Select(_ => Sizes.Select(_ => new double[Turns]).ToArray())];
        var allocated = new long[Names.Length];
        for (int turn = -3; turn < Turns; turn++)
        {
            for (int name = 0; name < Names.Length; name++)
            {
                for (int size = 0; size < Sizes.Length; size++)
                {
                    long before = GC.GetAllocatedBytesForCurrentThread();
                    double ns = Pick(pickers[name][size], requests);
                    if (turn < 0)
                        continue;
                    allocated[name] += GC.GetAllocatedBytesForCurrentThread() - before;
                    times[name][size][turn] = ns;
                }
            }
        }

        Print($"{"ns/pick",-22} {string.Join(' ', Sizes.Select(size => size.ToString(CultureInfo.InvariantCulture).PadLeft(7)))} nodes, bytes/pick");
        for (int name = 0; name < Names.Length; name++)
        {
            string medians = string.Join(' ', times[name].Select(turns => turns.Order().ElementAt(Turns / 2).ToString("f0", CultureInfo.InvariantCulture).PadLeft(7)));
            Print($"{Names[name],-22} {medians} {allocated[name] / (double)(Turns * Sizes.Length * Picks),12:0.###}");
        }
    }

    private static NodeSnapshot[] Nodes(int size, string how)
    {
        var nodes = new NodeSnapshot[size];
        for (int i = 0; i < size; i++)
        {
            var config = new NodeConfig($"10.0.{i / 250}.{(i % 250) + 1}", 80, how == "any weight" ? 1 + i : 1 + (i % 5));
            nodes[i] = new NodeSnapshot(i, config, new NodeState(new NodeKey("upstreams/1", config.Host, config.Port)), []);
            for (int tries = how == "idle" ? -1 : i % 7; tries >= 0; tries--)
                nodes[i].State.BeginTry();
            nodes[i].State.Latency.Observe(1 + (i % 9), nowMs: 0);
        }

        return nodes;
    }

    private static INodePicker Picker(string name, int size)
    {
        string[] parts = name.Split(", ");
        string how = parts.Length > 1 ? parts[1] : "";
        NodeSnapshot[] nodes = Nodes(size, how);
        var upstream = new UpstreamConfig { Id = "1", Type = parts[0], Key = "remote_addr", HashBalanceFactor = how == "bounded" ? 150 : null };
        ILoadBalancingPolicy policy = LoadBalancingPolicies.Get(upstream.Type);
        return how switch
        {
            "subset" => AffinePicker.Subset(some => policy.Build(upstream, some, new BalancerState(1)), nodes),
            "sticky" => AffinePicker.Sticky(policy.Build(upstream, nodes, new BalancerState(1)), nodes),
            "gated" or "warming" or "full" => GatedPicker.Of(policy.Build(upstream, nodes, new BalancerState(1)), nodes, how, policy.PrefersIdle),
            _ => policy.Build(upstream, nodes, new BalancerState(1)),
        };
    }

    private static double Pick(INodePicker picker, TestRequest[] requests)
    {
        TriedNodes none = default;
        long begun = Stopwatch.GetTimestamp();
        for (int i = 0; i < Picks; i++)
        {
            // 10,000 picks a second: the estimates age, and the mean is looked up anew as often as under such a load.
            var context = new PickContext(in none, requests[i % requests.Length]) { NowMs = i / 10 };
            if (picker.Pick(ref context) is null)
                throw new InvalidOperationException("no node");
        }

        return Stopwatch.GetElapsedTime(begun).TotalNanoseconds / Picks;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
