using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Routing;
using Headgate.Core.Snapshot;
using Headgate.Core.Tests.Upstreams;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>A compiler that is fed JSON by hand, one revision a call.</summary>
internal sealed class Gateway : IDisposable
{
    private readonly NodeDirectory _directory;

    public Gateway(params string[] plugins)
        : this(BalancingSettings.Default, plugins)
    {
    }

    public Gateway(BalancingSettings balancing, params string[] plugins)
        : this(balancing, plugins.Select(name => new NamedPlugin(name)))
    {
    }

    public Gateway(BalancingSettings balancing, IEnumerable<PluginDefinition> plugins, ICertificateCompiler? certificates = null)
    {
        _directory = new NodeDirectory(Time, Nodes);
        Compiler = new SnapshotCompiler(_directory, new PluginCatalog(plugins), balancing: balancing, certificateCompiler: certificates);
    }

    public ManualTimeProvider Time { get; } = new();

    public RecordedNodes Nodes { get; } = new();

    public SnapshotCompiler Compiler { get; }

    public GatewaySnapshot Snapshot { get; private set; } = GatewaySnapshot.Empty;

    public void Dispose() => _directory.Dispose();

    /// <summary>Applies <c>"routes/1"</c> → JSON pairs as one revision; null = deleted.</summary>
    public GatewaySnapshot Put(params (string Key, string? Json)[] changes) =>
        Apply(changes.Select(change => Change(change.Key, change.Json)));

    public GatewaySnapshot Apply(IEnumerable<ConfigChange> changes) => Snapshot = Compiler.Apply(Snapshot.Revision + 1, changes);

    public GatewaySnapshot Put(string key, string? json) => Put((key, json));

    /// <summary>Puts upstream 1 and a route that leads every request to it, both of which have to be taken; the upstream as it is served then.</summary>
    public UpstreamSnapshot PutUpstream(string json)
    {
        Put(("upstreams/1", json), ("routes/1", """{"uri":"/*","upstream_id":"1"}"""));
        Compiler.Rejected.ShouldBeEmpty();
        return Upstream("/a");
    }

    /// <summary>The route that matches a path of a host; null when none does.</summary>
    public RouteSnapshot? Match(string path, string host = "any.test") => Snapshot.Match(new TestRequest(host, path));

    /// <summary>The upstream that serves a path, which has to have one.</summary>
    public UpstreamSnapshot Upstream(string path, string host = "any.test")
    {
        RouteSnapshot route = Match(path, host).ShouldNotBeNull();
        route.Target.ShouldBe(RouteTarget.Upstream);
        return Snapshot.Upstream(route.UpstreamSlot).ShouldNotBeNull();
    }

    /// <summary><c>{"nodes":{"10.0.0.1:80":1,...}}</c>.</summary>
    public static string NodesJson(params string[] nodes) => "{\"nodes\":{" + string.Join(',', nodes.Select(node => $"\"{node}\":1")) + "}}";

    public static ConfigChange Change(string key, string? json)
    {
        ResourceKinds.TryParseKey($"/apisix/{key}", out ResourceKind kind, out string id).ShouldBeTrue(key);
        return new ConfigChange(kind, id, json is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(json));
    }
}
