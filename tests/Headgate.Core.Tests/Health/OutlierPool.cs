using Headgate.Core.Config;
using Headgate.Core.Health;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Tests.Health;

/// <summary>Nodes with a detector and a clock that a test moves: what they do in a window is told by hand.</summary>
internal sealed class OutlierPool
{
    private readonly List<EjectionChange> _changes = [];

    public OutlierPool(int nodes, OutlierDetectionConfig config)
    {
        Nodes = [.. Enumerable.Range(1, nodes).Select(i => new NodeState(new NodeKey("upstreams/1", $"10.0.0.{i}", 80)))];
        Config = config;
        Detector = new OutlierDetector(config, (long)config.Interval.TotalMilliseconds);
        Detector.Set(config, Nodes, 0, _changes);
    }

    public NodeState[] Nodes { get; private set; }

    public OutlierDetectionConfig Config { get; private set; }

    public OutlierDetector Detector { get; }

    public long NowMs { get; private set; }

    /// <summary>Positions of the nodes that are ejected.</summary>
    public int[] Ejected => [.. Nodes.Index().Where(node => IsEjected(node.Item)).Select(node => node.Index)];

    public int Usable => Nodes.Count(node => node.IsUsable);

    /// <summary>What the detector did since this was asked last.</summary>
    public EjectionChange[] Take()
    {
        EjectionChange[] taken = [.. _changes];
        _changes.Clear();
        return taken;
    }

    public static bool IsEjected(NodeState node) => (node.Exclusions & NodeExclusions.Ejected) != 0;

    /// <summary>Tries at a node that end so, as the data plane tells of them.</summary>
    public void Try(int node, TryVerdict verdict, int times = 1)
    {
        for (int i = 0; i < times; i++)
        {
            if (Nodes[node].Outlier.Count(verdict, Config) is var why && why != EjectionReason.None)
                Detector.Eject(Nodes[node], why, NowMs, _changes);
        }
    }

    /// <summary>Successful tries at a node with these times to answer.</summary>
    public void Answer(int node, IEnumerable<double> latenciesMs)
    {
        foreach (double latencyMs in latenciesMs)
        {
            Nodes[node].Outlier.Latencies.Add(TimeSpan.FromMilliseconds(latencyMs));
            Try(node, TryVerdict.Success);
        }
    }

    /// <summary>Some successes and some failures of a node, in this order.</summary>
    public void Mix(int node, int successes, int failures)
    {
        Try(node, TryVerdict.Success, successes);
        Try(node, TryVerdict.Error, failures);
    }

    /// <summary>Moves the clock, the detector running whenever it is due.</summary>
    public void Advance(TimeSpan by)
    {
        long end = NowMs + (long)by.TotalMilliseconds;
        while (Detector.DueMs is var due && due <= end)
        {
            NowMs = Math.Max(NowMs, due);
            Detector.Run(NowMs, _changes);
        }

        NowMs = end;
    }

    /// <summary>Ends the window, whether or not the detector asks for it.</summary>
    public void EndWindow()
    {
        Advance(Config.Interval);
        Detector.Run(NowMs, _changes);
    }

    /// <summary>An edit.</summary>
    public void Edit(OutlierDetectionConfig config, params NodeState[] nodes)
    {
        (Config, Nodes) = (config, nodes);
        Detector.Set(config, nodes, NowMs, _changes);
    }
}
