using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Outliers;
using Headgate.Proxy.Restart;
using Headgate.Proxy.Upstream;
using Headgate.Proxy.WarmUp;
using Headgate.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Restart;

/// <summary>What remembers nodes as the executable composes it, over a state file in a folder of the test: one process life.</summary>
internal sealed class KeptGateway : ILogger<NodeKeeper>, IDisposable
{
    private readonly NodeDirectory _directory;
    private readonly SnapshotCompiler _compiler;
    private readonly OutlierMonitor _outliers;
    private readonly SlowStart _slowStart;
    private long _revision;

    public KeptGateway(string file, ManualTimeProvider time, TimeSpan? verdictAgeMax = null, bool keepsHealth = true, int fileBytesMax = 1_000_000)
    {
        Time = time;
        var options = new NodeKeeperOptions(file, verdictAgeMax ?? NodeKeeperOptions.DefaultVerdictAgeMax, keepsHealth) { FileBytesMax = fileBytesMax };
        Keeper = new NodeKeeper(options, Upstreams, time, this);
        _outliers = new OutlierMonitor(Upstreams, time, seed: 1, NullLogger<OutlierMonitor>.Instance);
        _slowStart = new SlowStart(Upstreams, time, NullLogger<SlowStart>.Instance);
        _directory = new NodeDirectory(time, new NodeObservers(), Keeper);
        _compiler = new SnapshotCompiler(_directory, PluginCatalog.Empty, Upstreams);
        Keeper.Start();
    }

    public ManualTimeProvider Time { get; }

    public ServedUpstreams Upstreams { get; } = new();

    public NodeKeeper Keeper { get; }

    /// <summary>What was logged: <c>1361 text</c>.</summary>
    public List<string> Log { get; } = [];

    /// <summary>An upstream with checks and these nodes, <c>host:port</c>.</summary>
    public IReadOnlyList<NodeState> Put(string id, params string[] nodes) => PutWith(id, ",\"checks\":{\"active\":{}}", nodes);

    /// <summary>An upstream with these nodes and these further fields, <c>,"name":value</c>.</summary>
    public IReadOnlyList<NodeState> PutWith(string id, string fields, params string[] nodes)
    {
        string list = string.Join(',', nodes.Select(node => $"\"{node}\":1"));
        byte[] json = Encoding.UTF8.GetBytes($"{{\"nodes\":{{{list}}}{fields}}}");
        _compiler.Apply(++_revision, [new ConfigChange(ResourceKind.Upstream, id, json)]);
        _compiler.Rejected.ShouldBeEmpty();
        return [.. Upstreams.Find("upstreams/" + id)!.Nodes.Select(node => node.State)];
    }

    /// <summary>A node fails its checks, as <c>HealthMonitor</c> reports it.</summary>
    public NodeChange Fail(NodeState node, string reason = "the connection was refused")
    {
        node.Health.Report(HealthEvent.TcpFailure, new HealthThresholds(1, 1, 1, 1));
        var change = new NodeChange(Time.GetUtcNow(), NodeChangeKind.Unhealthy, "probe", reason);
        Upstreams.OnChanged(node, change);
        return change;
    }

    /// <summary>Outlier detection ejects a node for its answers, as many as it takes.</summary>
    public async Task EjectAsync(string id, NodeState node, int failures)
    {
        UpstreamSnapshot upstream = Upstreams.Find("upstreams/" + id)!;
        int entries = node.Changes.Count;
        for (int i = 0; i < failures; i++)
            _outliers.OnTryEnd(upstream, node, AttemptFailure.None, 500, upstream.Timeout);
        await Eventually.HoldsAsync(() => node.Changes.Count > entries, "the ejection is written down");
    }

    public void Dispose()
    {
        _slowStart.Dispose();
        _outliers.Dispose();
        Keeper.Dispose();
        _directory.Dispose();
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Log.Add($"{eventId.Id} {formatter(state, exception)}");
}
