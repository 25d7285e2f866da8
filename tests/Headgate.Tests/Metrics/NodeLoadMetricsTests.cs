using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Metrics;
using Headgate.Testing;

namespace Headgate.Tests.Metrics;

public sealed class NodeLoadMetricsTests : IDisposable
{
    private readonly ServedUpstreams _served = new();
    private readonly NodeDirectory _directory = new(new ManualTimeProvider(), new NodeObservers());

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Write_LimitsQueueAndSlowStart_ShowsThoseThatHaveThem()
    {
        Put(
            ("plain", """{"nodes":{"10.0.0.1:80":1}}"""),
            ("limited", """{"nodes":{"10.0.0.2:80":1},"max_requests":2,"queue":{"size":1}}"""),
            ("warming", """{"nodes":{"10.0.0.3:80":1},"warm_up_conf":{"slow_start_time_seconds":60,"min_weight_percent":1}}"""));
        UpstreamSnapshot limited = _served.Find("upstreams/limited")!;
        limited.Nodes[0].State.Permits.TryTake();
        limited.Queue!.Refuse();
        _served.Find("upstreams/warming")!.Nodes[0].State.Share.Set(PickShareCause.SlowStart, 2500);
        var writer = new MetricsWriter();

        new NodeLoadMetrics(_served).Write(writer);

        string[] samples = [.. writer.ToString().Split('\n').Where(line => line.Length > 0 && line[0] != '#')];
        samples.ShouldBe([
            """headgate_upstream_node_requests{upstream="upstreams/limited",host="10.0.0.2",port="80"} 1""",
            """headgate_upstream_queue_requests{upstream="upstreams/limited"} 0""",
            """headgate_upstream_queue_requests_total{upstream="upstreams/limited",outcome="served"} 0""",
            """headgate_upstream_queue_requests_total{upstream="upstreams/limited",outcome="timed_out"} 0""",
            """headgate_upstream_queue_requests_total{upstream="upstreams/limited",outcome="refused"} 1""",
            """headgate_upstream_queue_requests_total{upstream="upstreams/limited",outcome="client_gone"} 0""",
            """headgate_upstream_node_share{upstream="upstreams/warming",host="10.0.0.3",port="80"} 0.25""",
        ]);
    }

    private void Put(params (string Id, string Json)[] upstreams) =>
        new SnapshotCompiler(_directory, PluginCatalog.Empty, _served)
            .Apply(1, upstreams.Select(upstream => new ConfigChange(ResourceKind.Upstream, upstream.Id, Encoding.UTF8.GetBytes(upstream.Json))));
}
