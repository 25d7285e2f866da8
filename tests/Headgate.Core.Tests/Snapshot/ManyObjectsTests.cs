using System.Diagnostics;
using System.Globalization;
using Headgate.Core.Snapshot;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>10,000 routes and 10,000 upstreams of ten nodes. Alone in the process while it runs, because it looks at the whole heap.</summary>
[CollectionDefinition(nameof(ManyObjectsTests), DisableParallelization = true)]
[Collection(nameof(ManyObjectsTests))]
public sealed class ManyObjectsTests
{
    private const int Count = 10_000;

    /// <summary>All that 10,000 + 10,000 objects keep: configuration, route table, states of 100,000 nodes.</summary>
    private const long HeapBytesMax = 60_000_000;

    /// <summary>What one upstream edit may allocate: its page, the list of pages, its ten nodes' records and JSON; not anything per route or upstream.</summary>
    private const long EditBytesMax = 60_000;

    [Fact]
    public void Apply_TenThousandRoutesAndUpstreams_FitIntoMemoryAndEditAlone()
    {
        using var gateway = new Gateway();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        double upstreamsMs = Load(gateway, i => ($"upstreams/{i}", Upstream(i, 1)));
        double routesMs = Load(gateway, i => ($"routes/{i}", Route(i)));
        gateway.Nodes.Take();
        long heap = GC.GetTotalMemory(forceFullCollection: true) - before;
        gateway.Compiler.Rejected.ShouldBeEmpty();
        gateway.Upstream("/service/1234/items").Config.Id.ShouldBe("1234");

        (double editMs, long editBytes) = Measure(gateway, i => ("upstreams/77", Upstream(77, 2 + i)));
        (double routeMs, long routeBytes) = Measure(gateway, i => ("routes/77", Route(77, i)));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"upstreams {upstreamsMs:F0} ms, routes {routesMs:F0} ms, heap {heap / 1e6:F1} MB; edit: upstream {editMs:F3} ms {editBytes} B, route {routeMs:F3} ms {routeBytes} B"));
        heap.ShouldBeLessThan(HeapBytesMax);
        editBytes.ShouldBeLessThan(EditBytesMax);
        routeBytes.ShouldBeLessThan(EditBytesMax);
        GC.KeepAlive(gateway.Snapshot);
    }

    [Fact]
    public void Apply_UpstreamOfTenThousandRoutes_IsEditedWithoutThem()
    {
        using var gateway = new Gateway();
        gateway.Put("upstreams/0", Upstream(0, 1));
        gateway.Put([.. Enumerable.Range(0, Count).Select(i => ($"routes/{i}", (string?)$$"""{"uri":"/service/{{i}}/*","upstream_id":"0"}"""))]);
        GatewaySnapshot before = gateway.Snapshot;

        (double editMs, long editBytes) = Measure(gateway, i => ("upstreams/0", Upstream(0, 2 + i)));

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"edit of the one upstream: {editMs:F3} ms, {editBytes} B"));
        gateway.Snapshot.Routes.ShouldBeSameAs(before.Routes);
        editBytes.ShouldBeLessThan(EditBytesMax);
    }

    /// <summary>Time to compile objects that are there as the store gives them.</summary>
    private static double Load(Gateway gateway, Func<int, (string Key, string Json)> make)
    {
        ConfigChange[] changes = [.. Enumerable.Range(0, Count).Select(make).Select(item => Gateway.Change(item.Key, item.Json))];
        long started = Stopwatch.GetTimestamp();
        gateway.Apply(changes);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    /// <summary>Median time and bytes of an edit.</summary>
    private static (double Milliseconds, long Bytes) Measure(Gateway gateway, Func<int, (string, string)> edit)
    {
        var times = new List<double>();
        long bytes = long.MaxValue;
        for (int i = 0; i < 200; i++)
        {
            (string key, string json) = edit(i);
            ConfigChange[] change = [Gateway.Change(key, json)];
            long allocated = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
            gateway.Apply(change);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            bytes = Math.Min(bytes, GC.GetAllocatedBytesForCurrentThread() - allocated);
        }

        times.Sort();
        return (times[times.Count / 2], bytes);
    }

    private static string Route(int i, int priority = 0)
    {
        string host = i % 2 == 0 ? "" : $"\"host\":\"h{i % 100}.test\",";
        return $$"""{"uri":"/service/{{i}}/*",{{host}}"upstream_id":"{{i}}","priority":{{priority}}}""";
    }

    private static string Upstream(int i, int weight) => Gateway.NodesJson([.. Enumerable.Range(0, 10).Select(n => $"10.{i / 250}.{i % 250}.{n + 1}:8080")])
        .Replace(":1}", $":{weight}}}", StringComparison.Ordinal);
}
