using System.Diagnostics;
using System.Globalization;
using System.Text;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Routing;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Configuration;
using Headgate.Proxy.Secrets;
using Headgate.Store;
using Headgate.Testing;

using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Configuration;

public sealed class SnapshotSourceTests : IAsyncDisposable, INodeObserver
{
    private const string Route = """{"uri":"/a","upstream_id":"u"}""";
    private readonly ManualTimeProvider _time = new();
    private readonly WrittenLog _log = new();
    private readonly SnapshotHolder _holder = new();
    private readonly InMemoryStore _stored = new();
    private readonly InterruptedSource _store;
    private readonly NodeDirectory _directory;
    private readonly SnapshotSource _source;
    private string? _compilingThread;

    public SnapshotSourceTests()
    {
        _store = new InterruptedSource(_stored);
        _directory = new NodeDirectory(_time, this);
        var secrets = new SecretKeeper(new SecretKeeperOptions(), _time, NullLogger<SecretKeeper>.Instance);
        _source = new SnapshotSource(_store, new SnapshotCompiler(_directory, PluginCatalog.Empty), _holder, secrets, _time, new Random(TestSeed.Value), _log);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _source.StopAsync(CancellationToken.None);
        _source.Dispose();
        _directory.Dispose();
    }

    void INodeObserver.Added(NodeState node) => _compilingThread = Thread.CurrentThread.Name;

    void INodeObserver.Removed(NodeState node)
    {
    }

    void INodeObserver.Forgotten(NodeState node)
    {
    }

    [Fact]
    public async Task StartAsync_ObjectsInTheStore_AreServedFromAThreadOfItsOwn()
    {
        _holder.AppliedRevision.ShouldBe(-1);
        _holder.Current.Match(new TestRequest("any.test", "/a")).ShouldBeNull();
        await PutAsync(("upstreams/u", Nodes("10.0.0.1:80")), ("routes/1", Route), ("consumers/jack", "{}"));

        await StartAsync();

        Upstream("/a").Nodes.Single().Config.Host.ShouldBe("10.0.0.1");
        _compilingThread.ShouldBe("headgate-configuration");
    }

    [Fact]
    public async Task StartAsync_EmptyStore_ServesTheEmptyConfiguration()
    {
        await StartAsync();

        _holder.AppliedRevision.ShouldBe(0);
        _holder.Current.Match(new TestRequest("any.test", "/a")).ShouldBeNull();
    }

    [Fact]
    public async Task Watch_PutAndDelete_AreServedWhenTheirRevisionIs()
    {
        await StartAsync();

        await PutAndWaitAsync(("upstreams/u", Nodes("10.0.0.1:80")), ("routes/1", Route));
        Upstream("/a").Nodes.Single().Config.Host.ShouldBe("10.0.0.1");

        await PutAndWaitAsync(("upstreams/u", Nodes("10.0.0.2:80")));
        Upstream("/a").Nodes.Single().Config.Host.ShouldBe("10.0.0.2");

        await PutAndWaitAsync(("routes/1", null));
        _holder.Current.Match(new TestRequest("any.test", "/a")).ShouldBeNull();
    }

    [Fact]
    public async Task Watch_RevisionOfOtherKinds_CountsAsApplied()
    {
        await StartAsync();

        await PutAndWaitAsync(("protos/1", "{}"), ("upstreams/", "{}"));

        _holder.AppliedRevision.ShouldBe(1);
        _log.Lines.ShouldNotContain(line => line.StartsWith("1102", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_Gap_ReadsAnewAndKeepsWhatDidNotChange()
    {
        await PutAsync(("upstreams/u", Nodes("10.0.0.1:80")), ("upstreams/v", Nodes("10.0.0.2:80")), ("upstreams/w", Nodes("10.0.0.3:80")));
        await PutAsync(("routes/1", Route), ("routes/2", """{"uri":"/b","upstream_id":"v"}"""), ("routes/3", """{"uri":"/c","upstream_id":"w"}"""));
        await StartAsync();
        UpstreamSnapshot unchanged = Upstream("/a");
        RouteSnapshot route = _holder.Current.Match(new TestRequest("any.test", "/a"))!;

        _store.HoldsBack = true;
        await PutAsync(("upstreams/v", Nodes("10.0.0.9:80")));
        await PutAsync(("routes/3", null), ("upstreams/x", Nodes("10.0.0.4:80")));
        _store.Interrupt();
        await _holder.WaitForRevisionAsync(_stored.Revision, Cancel);

        Upstream("/a").ShouldBeSameAs(unchanged);
        _holder.Current.Match(new TestRequest("any.test", "/a")).ShouldBeSameAs(route);
        Upstream("/b").Nodes.Single().Config.Host.ShouldBe("10.0.0.9");
        _holder.Current.Match(new TestRequest("any.test", "/c")).ShouldBeNull();
        _log.Lines.ShouldContain(line => line.StartsWith("1106", StringComparison.Ordinal));

        await PutAndWaitAsync(("upstreams/u", Nodes("10.0.0.8:80"))); // the watch goes on
        Upstream("/a").Nodes.Single().Config.Host.ShouldBe("10.0.0.8");
    }

    [Fact]
    public async Task Store_GoesAndComesBack_LastSnapshotServesMeanwhile()
    {
        await PutAsync(("upstreams/u", Nodes("10.0.0.1:80")), ("routes/1", Route));
        await StartAsync();

        _stored.SetUnavailable("disk gone");
        _store.Interrupt();
        for (int tries = _store.Reads + 5; _store.Reads < tries; await Task.Yield())
            _time.Advance(RetryDelayMax);
        Upstream("/a").Nodes.Single().Config.Host.ShouldBe("10.0.0.1");

        _stored.SetUnavailable(null);
        await PutAsync(("upstreams/u", Nodes("10.0.0.2:80")));
        while (_holder.AppliedRevision < _stored.Revision)
        {
            _time.Advance(RetryDelayMax);
            await Task.Yield();
        }

        Upstream("/a").Nodes.Single().Config.Host.ShouldBe("10.0.0.2");
        await Eventually.HoldsAsync(() => Logged(1105) == 1, "the store's return is logged");
        Logged(1104).ShouldBe(1); // once on the flip, not on every try
    }

    [Fact]
    public async Task Watch_BadObject_IsLoggedOnceByNameAndAgainWhenMadeGood()
    {
        await PutAsync(("upstreams/u", Nodes("10.0.0.1:80")), ("routes/1", Route));
        await StartAsync();

        await PutAndWaitAsync(("upstreams/u", """{"nodes":{"10.0.0.1:80":-3}}"""));
        await PutAndWaitAsync(("upstreams/other", Nodes("10.0.0.7:80")));
        await PutAndWaitAsync(("upstreams/u", Nodes("10.0.0.1:80")));

        await Eventually.HoldsAsync(() => Logged(1103) == 1, "the good version is logged");
        string line = _log.Lines.Single(line => line.StartsWith("1102", StringComparison.Ordinal));
        line.ShouldContain("upstreams/u is refused as of revision 2, its last good version is served: ");
        line.ShouldContain("invalid configuration: ");
    }

    [Fact]
    public async Task Watch_RouteWithVariablesThatNoRequestHas_WarnsOncePerSetOfThem()
    {
        await PutAsync(("routes/1", WithVars("consumer_name", "arg_x")), ("routes/2", WithVars("arg_x", "http_y")));
        await StartAsync();
        await PutAndWaitAsync(("routes/1", WithVars("consumer_name", "uri")));
        await PutAndWaitAsync(("upstreams/other", Nodes("10.0.0.7:80")));
        _store.Interrupt();
        await PutAndWaitAsync(("routes/1", WithVars("uri", "post_arg.a")));

        await Eventually.HoldsAsync(() => Logged(1107) == 2, "both sets are logged");
        _log.Lines.Where(line => line.StartsWith("1107", StringComparison.Ordinal)).ShouldBe(
        [
            "1107 routes/1 as of revision 1 has conditions on variables that no request has here, which count as absent: consumer_name",
            "1107 routes/1 as of revision 4 has conditions on variables that no request has here, which count as absent: post_arg.a",
        ]);
    }

    [Fact]
    public async Task WaitForRevisionAsync_Cancelled_Throws()
    {
        await StartAsync();
        using var cancel = new CancellationTokenSource();
        Task waiting = _holder.WaitForRevisionAsync(99, cancel.Token).AsTask();

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        await _holder.WaitForRevisionAsync(0, Cancel);
    }

    [Fact]
    public async Task Watch_OneEditAmongTenThousandUpstreamsAndRoutes_IsServed()
    {
        for (int from = 0; from < 10_000; from += 50)
        {
            await PutAsync([
                .. Enumerable.Range(from, 50).Select(i => ($"upstreams/{i}", (string?)Nodes([.. Enumerable.Range(1, 10).Select(n => $"10.{i / 250}.{i % 250}.{n}:80")]))),
                .. Enumerable.Range(from, 50).Select(i => ($"routes/{i}", (string?)$$"""{"uri":"/{{i}}","upstream_id":"{{i}}"}"""))]);
        }

        await StartAsync();
        var times = new List<double>();
        for (int i = 0; i < 100; i++)
        {
            long started = Stopwatch.GetTimestamp();
            await PutAndWaitAsync(("upstreams/77", Nodes($"10.99.0.{i + 1}:80")));
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            Upstream("/77").Nodes.Single().Config.Host.ShouldBe($"10.99.0.{i + 1}");
        }

        times.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"commit to served: median {times[50]:F3} ms, p99 {times[98]:F3} ms; {_log.Lines[0]}"));
    }

    private static TimeSpan RetryDelayMax => TimeSpan.FromSeconds(5);

    private static string Nodes(params string[] nodes) => "{\"nodes\":{" + string.Join(',', nodes.Select(node => $"\"{node}\":1")) + "}}";

    private static string WithVars(string first, string second) => $$"""{"uri":"/a","upstream_id":"u","vars":[["{{first}}","==","1"],["{{second}}","==","1"]]}""";

    private int Logged(int id) => _log.Lines.Count(line => line.StartsWith(id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

    private async Task StartAsync()
    {
        await _source.StartAsync(Cancel);
        await _holder.WaitForRevisionAsync(0, Cancel);
    }

    private UpstreamSnapshot Upstream(string path)
    {
        GatewaySnapshot snapshot = _holder.Current;
        RouteSnapshot route = snapshot.Match(new TestRequest("any.test", path)).ShouldNotBeNull();
        return snapshot.Upstream(route.UpstreamSlot).ShouldNotBeNull();
    }

    private async Task PutAndWaitAsync(params (string Key, string? Json)[] objects) =>
        await _holder.WaitForRevisionAsync(await PutAsync(objects), Cancel);

    private async Task<long> PutAsync(params (string Key, string? Json)[] objects)
    {
        Operation[] operations = Array.ConvertAll(objects, item => item.Json is null
            ? (Operation)new Operation.Delete($"/apisix/{item.Key}")
            : new Operation.Put($"/apisix/{item.Key}", Encoding.UTF8.GetBytes(item.Json)));
        CommitResult result = await _stored.CommitAsync(new Commit { Operations = operations, Origin = new Origin("test", "local", "test") }, Cancel);
        result.Applied.ShouldBeTrue();
        return result.Revision;
    }
}
