using System.Text;
using Headgate.Control.ControlApi;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Control.Tests.ControlApi;

/// <summary>The shapes of <c>/v1/healthcheck</c>, which APISIX's clients read.</summary>
public sealed class HealthJsonTests : IHealthView, IUpstreamObserver
{
    private readonly Dictionary<string, ServedUpstream> _upstreams = [];

    public IReadOnlyList<ServedUpstream> Checked => [.. _upstreams.Values];

    public ServedUpstream? Find(string owner) => _upstreams.GetValueOrDefault(owner);

    void IUpstreamObserver.Served(string owner, UpstreamSnapshot upstream) => _upstreams[owner] = new ServedUpstream(owner, upstream);

    void IUpstreamObserver.Removed(string owner) => _upstreams.Remove(owner);

    [Fact]
    public async Task Healthcheck_ServedUpstream_IsShapedAsApisixs()
    {
        const string Expected =
            """{"name":"/apisix/upstreams/1","type":"https","nodes":[{"ip":"127.0.0.1","port":1980,"hostname":"127.0.0.1","status":"unhealthy","counter":{"success":0,"http_failure":2,"tcp_failure":0,"timeout_failure":0}},{"ip":"127.0.0.1","port":1981,"hostname":"127.0.0.1","status":"mostly_healthy","counter":{"success":0,"http_failure":0,"tcp_failure":0,"timeout_failure":1}}]}""";
        await using var store = new InMemoryStore();
        using var directory = new NodeDirectory(TimeProvider.System, new NodeObservers());
        var compiler = new SnapshotCompiler(directory, PluginCatalog.Empty, this);
        byte[] json = Encoding.UTF8.GetBytes("""{"nodes":[{"host":"127.0.0.1","port":1980,"weight":1},{"host":"127.0.0.1","port":1981,"weight":1}],"checks":{"active":{"type":"https"}}}""");
        compiler.Apply(1, [new ConfigChange(ResourceKind.Upstream, "1", json)]);
        var limits = new HealthThresholds(1, 2, 2, 2);
        IReadOnlyList<NodeSnapshot> nodes = _upstreams["upstreams/1"].Upstream.Nodes;
        nodes[0].State.Health.Report(HealthEvent.HttpFailure, limits);
        nodes[0].State.Health.Report(HealthEvent.HttpFailure, limits);
        nodes[1].State.Health.Report(HealthEvent.Timeout, limits);
        await using WebServer server = await WebServer.StartAsync(application => application.MapControlApi(store, this));

        (await server.Client.Get("/v1/healthcheck")).ShouldBe(200).Body.ShouldBe($"[{Expected}]\n");
        (await server.Client.Get("/v1/healthcheck/upstreams/1")).ShouldBe(200).Body.ShouldBe(Expected + "\n");
        (await server.Client.Get("/v1/healthcheck/routes/1")).ShouldBe(404).ErrorMessage.ShouldBe("routes[1] not found");
    }
}
