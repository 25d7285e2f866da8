using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Snapshot;
using Headgate.Core.Tests.Upstreams;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>A compiler with overrides, on a clock that stands still; what is closed is written down.</summary>
internal sealed class OverriddenGateway : INodeConnectionCloser, IDisposable
{
    private readonly NodeDirectory _directory;
    private readonly SnapshotCompiler _compiler;
    private long _revision;

    public OverriddenGateway()
    {
        _directory = new NodeDirectory(Time, new RecordedNodes());
        Overrides = new NodeOverrides(Served, this, Time);
        _compiler = new SnapshotCompiler(_directory, PluginCatalog.Empty, Served, 0, Overrides);
    }

    public ManualTimeProvider Time { get; } = new();

    public ServedUpstreams Served { get; } = new();

    public NodeOverrides Overrides { get; }

    /// <summary><c>idle 10.0.0.1</c>, <c>cut 10.0.0.1</c>, in order.</summary>
    public List<string> Closed { get; } = [];

    public IReadOnlyList<RejectedObject> Rejected => _compiler.Rejected;

    public void CloseIdle(NodeState node) => Closed.Add("idle " + node.Key.Host);

    public int CutOff(NodeState node)
    {
        Closed.Add("cut " + node.Key.Host);
        return (int)node.InFlight;
    }

    public void Dispose()
    {
        Overrides.Dispose();
        _directory.Dispose();
    }

    /// <summary>Applies key → JSON pairs as one revision; null = deleted.</summary>
    public void Put(params (string Key, string? Json)[] changes) => _compiler.Apply(++_revision, changes.Select(change =>
    {
        ResourceKinds.TryParseKey("/apisix/" + change.Key, out ResourceKind kind, out string id).ShouldBeTrue(change.Key);
        return new ConfigChange(kind, id, change.Json is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(change.Json));
    }));

    /// <summary>The upstream 1 with nodes 10.0.0.N:80.</summary>
    public void PutNodes(params int[] nodes) => Put(("upstreams/1", NodesJson(nodes)));

    public static string NodesJson(params int[] nodes) => Gateway.NodesJson([.. nodes.Select(node => $"10.0.0.{node}:80")]);

    /// <summary>An override of node 10.0.0.N:80 of upstream 1, given now; null = it is taken back.</summary>
    public void PutOverride(int node, string? kind, string more = "") => Put((Key(node), kind is null ? null : Word(kind, more)));

    public static string Key(int node) => $"overrides/upstreams/1/10.0.0.{node}:80";

    public string Word(string kind, string more = "")
    {
        string since = (Time.GetUtcNow().ToUnixTimeMilliseconds() / 1000m).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return $$"""{"kind":"{{kind}}","who":"ops","since":{{since}}{{more}}}""";
    }

    public NodeState Node(int node) => Served.Find("upstreams/1").ShouldNotBeNull().Nodes.Single(n => n.Config.Host == $"10.0.0.{node}").State;

    public NodeOverride Override(int node) => Overrides.Find(new OverrideTarget("upstreams/1", $"10.0.0.{node}", 80)).ShouldNotBeNull();

    /// <summary>The last parts of the hosts that 60 picks gave, each once, in order; empty when a pick gave none.</summary>
    public string Picks()
    {
        UpstreamSnapshot upstream = Served.Find("upstreams/1").ShouldNotBeNull();
        SortedSet<string> hosts = [];
        for (int i = 0; i < 60; i++)
        {
            TriedNodes none = default;
            var context = new PickContext(in none, new TestRequest("a.test", "/"));
            if (upstream.Pick(ref context) is not { } node)
                return "";
            hosts.Add(node.Config.Host[7..]);
        }

        return string.Join(' ', hosts);
    }

    /// <summary>What happened to a node, by kind.</summary>
    public NodeChangeKind[] Timeline(int node) => [.. Node(node).Timeline.Changes.Select(change => change.Kind)];

    /// <summary>Seconds, in steps of a look.</summary>
    public void Pass(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));
}
