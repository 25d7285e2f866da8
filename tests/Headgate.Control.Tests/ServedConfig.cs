using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;

namespace Headgate.Control.Tests;

/// <summary>Objects compiled as a gateway serves them, without a gateway: every upstream counts as checked that has <c>checks</c>.</summary>
public sealed class ServedConfig : IHealthView, IDisposable
{
    private readonly NodeDirectory _directory = new(TimeProvider.System, new NodeObservers());
    private readonly SnapshotCompiler _compiler;

    public ServedConfig(params (string Key, string Json)[] objects)
    {
        _compiler = new SnapshotCompiler(_directory, PluginCatalog.Empty, Upstreams);
        Snapshot = _compiler.Apply(1, objects.Select(o => Change(o.Key, o.Json)));
        _compiler.Rejected.ShouldBeEmpty();
    }

    public ServedUpstreams Upstreams { get; } = new();

    public GatewaySnapshot Snapshot { get; }

    public IReadOnlyList<ServedUpstream> Checked => [.. Upstreams.All.Where(upstream => upstream.Upstream.Config.Checks is not null).OrderBy(upstream => upstream.Owner, StringComparer.Ordinal)];

    public ServedUpstream? Find(string owner) => Checked.FirstOrDefault(upstream => upstream.Owner == owner);

    public void Dispose() => _directory.Dispose();

    private static ConfigChange Change(string key, string json)
    {
        ResourceKinds.TryParseKey($"/apisix/{key}", out ResourceKind kind, out string id).ShouldBeTrue(key);
        return new ConfigChange(kind, id, Encoding.UTF8.GetBytes(json));
    }
}
