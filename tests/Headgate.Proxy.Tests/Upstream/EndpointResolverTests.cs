using System.Collections.Concurrent;
using System.Net;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Upstream;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Upstream;

public sealed class EndpointResolverTests : IAsyncDisposable
{
    private readonly DeadlineWheel _wheel = new();
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedLookup _lookup = new();
    private readonly NodeConnections _connections;
    private readonly EndpointResolver _resolver;

    public EndpointResolverTests()
    {
        _connections = new NodeConnections(_wheel);
        _resolver = new EndpointResolver(_lookup, EndpointResolverOptions.Default, _time, NullLogger<EndpointResolver>.Instance, seed: 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _resolver.DisposeAsync();
        await _connections.DisposeAsync();
        _wheel.Dispose();
    }

    [Fact]
    public async Task Added_NameWithTwoAddresses_TwoEndpoints()
    {
        _lookup.Answers["a.test"] = ["127.0.0.1", "::1"];
        NodeState node = Node("a.test", 81);

        _resolver.Added(node);
        (await _resolver.ResolveNowAsync(node, TimeSpan.FromSeconds(10))).ShouldBeTrue();

        node.Endpoints.Select(e => e.Address.ToString()).ShouldBe(["127.0.0.1:81", "[::1]:81"]);
    }

    [Fact]
    public async Task Added_SecondNodeOfTheName_EndpointsAtOnceWithoutALookup()
    {
        _lookup.Answers["a.test"] = ["127.0.0.1"];
        await AddResolvedAsync("a.test", 81);
        NodeState second = Node("a.test", 82);

        _resolver.Added(second);

        second.Endpoints.Single().Address.Port.ShouldBe(82);
        _lookup.Count.ShouldBe(1);
    }

    [Fact]
    public void Added_LiteralHost_NothingIsAsked()
    {
        _resolver.Added(Node("127.0.0.1", 80));

        _lookup.Count.ShouldBe(0);
        _time.ActiveTimers.ShouldBe(0);
    }

    [Fact]
    public async Task Tick_RefreshTimeOver_AddressesFollowAndKeptOnesKeepTheirState()
    {
        _lookup.Answers["a.test"] = ["127.0.0.1", "127.0.0.2"];
        NodeState node = await AddResolvedAsync("a.test", 81);
        EndpointState kept = node.Endpoints[1];
        EndpointState gone = node.Endpoints[0];

        _lookup.Answers["a.test"] = ["127.0.0.2", "127.0.0.3"];
        await AdvanceUntilLookupAsync(2);
        await Eventually.HoldsAsync(() => !node.Endpoints.Contains(gone), "the address is gone");
        node.Endpoints[0].ShouldBeSameAs(kept);

        _lookup.Answers["a.test"] = ["127.0.0.1"];
        await AdvanceUntilLookupAsync(3);
        await Eventually.HoldsAsync(() => node.Endpoints.Count == 1, "the address is back");
        node.Endpoints[0].ShouldBeSameAs(gone);
    }

    [Fact]
    public async Task Tick_BeforeTheRefreshTime_NothingIsAsked()
    {
        _lookup.Answers["a.test"] = ["127.0.0.1"];
        await AddResolvedAsync("a.test", 81);

        _time.Advance(TimeSpan.FromSeconds(26));

        _lookup.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Tick_ShorterRefreshTime_IsAskedAgainAfterIt()
    {
        _lookup.Answers["a.test"] = ["127.0.0.1"];
        var options = new EndpointResolverOptions { Refresh = TimeSpan.FromSeconds(5) };
        await using var resolver = new EndpointResolver(_lookup, options, _time, NullLogger<EndpointResolver>.Instance, seed: 1);
        NodeState node = Node("a.test", 81);
        resolver.Added(node);
        (await resolver.ResolveNowAsync(node, TimeSpan.FromSeconds(10))).ShouldBeTrue();

        _time.Advance(TimeSpan.FromSeconds(4));
        _lookup.Count.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(2));
        await Eventually.HoldsAsync(() => _lookup.Count == 2, "the second lookup");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tick_ErrorOrEmptyAnswer_LastGoodStaysAndItIsAskedAgainSoon(bool error)
    {
        _lookup.Answers["a.test"] = ["127.0.0.1"];
        NodeState node = await AddResolvedAsync("a.test", 81);
        EndpointState before = node.Endpoints.Single();

        _lookup.Answers["a.test"] = error ? null : [];
        await AdvanceUntilLookupAsync(2);
        await AdvanceUntilLookupAsync(3);
        node.Endpoints.Single().ShouldBeSameAs(before);

        _lookup.Answers["a.test"] = ["127.0.0.1", "127.0.0.2"];
        await AdvanceUntilLookupAsync(4);
        await Eventually.HoldsAsync(() => node.Endpoints.Count == 2, "the new answer acts");
    }

    [Fact]
    public async Task ResolveNow_ManyWhileTheFirstLookupRuns_AllJoinIt()
    {
        _lookup.Answers["a.test"] = ["127.0.0.1"];
        _lookup.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        NodeState node = Node("a.test", 81);
        _resolver.Added(node);
        Task<bool>[] waits = [.. Enumerable.Range(0, 20).Select(_ => _resolver.ResolveNowAsync(node, TimeSpan.FromSeconds(10)).AsTask())];
        waits.ShouldAllBe(wait => !wait.IsCompleted);

        _lookup.Gate.SetResult();

        (await Task.WhenAll(waits)).ShouldAllBe(found => found);
        _lookup.Count.ShouldBe(1);
    }

    [Fact]
    public async Task ResolveNow_LookupTakesLonger_FalseAfterTheTimeout()
    {
        _lookup.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        NodeState node = Node("a.test", 81);
        _resolver.Added(node);
        Task<bool> wait = _resolver.ResolveNowAsync(node, TimeSpan.FromSeconds(2)).AsTask();

        _time.Advance(TimeSpan.FromSeconds(2));

        (await wait.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBeFalse();
        _lookup.Gate.SetResult();
    }

    [Fact]
    public async Task ResolveNow_AfterAFailure_FalseWithoutAskingAgain()
    {
        _lookup.Answers["a.test"] = null;
        NodeState node = Node("a.test", 81);
        _resolver.Added(node);
        (await _resolver.ResolveNowAsync(node, TimeSpan.FromSeconds(10))).ShouldBeFalse();

        (await _resolver.ResolveNowAsync(node, TimeSpan.FromSeconds(10))).ShouldBeFalse();

        _lookup.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Removed_LastNodeOfTheName_NoFurtherLookup()
    {
        _lookup.Answers["a.test"] = ["127.0.0.1"];
        NodeState node = await AddResolvedAsync("a.test", 81);

        _resolver.Removed(node);
        _time.Advance(TimeSpan.FromMinutes(5));

        _lookup.Count.ShouldBe(1);
        _time.ActiveTimers.ShouldBe(0);
        node.Endpoints.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Tick_AddressGone_ItsIdleConnectionIsClosed()
    {
        await using ScriptedNode peer = ScriptedNode.StartAnswering("hello");
        _lookup.Answers["a.test"] = ["127.0.0.1"];
        NodeState node = await AddResolvedAsync("a.test", peer.Port);
        NodeConnection connection = await _connections.RentAsync(node.Endpoints[0]);
        await connection.GetAsync();
        _connections.Return(connection, reusable: true);

        _lookup.Answers["a.test"] = ["127.0.0.2"];
        await AdvanceUntilLookupAsync(2);

        await Eventually.HoldsAsync(() => _connections.OpenCount == 0 && peer.Open == 0, "the connection is closed");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(120)]
    public async Task Tick_AnswerThatCountsForATime_IsAskedAgainThenAndNotBefore(int seconds)
    {
        _lookup.Answers["a.test"] = ["127.0.0.1"];
        _lookup.ValidFor = TimeSpan.FromSeconds(seconds);
        await AddResolvedAsync("a.test", 81);

        _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        _lookup.Count.ShouldBe(1);

        _time.Advance((TimeSpan.FromSeconds(seconds) * 0.1) + TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(() => _lookup.Count == 2, "the second lookup");
    }

    private static NodeState Node(string host, int port) => new(new NodeKey("upstreams/1", host, port));

    private async Task<NodeState> AddResolvedAsync(string host, int port)
    {
        NodeState node = Node(host, port);
        _resolver.Added(node);
        (await _resolver.ResolveNowAsync(node, TimeSpan.FromSeconds(10))).ShouldBeTrue();
        return node;
    }

    private Task AdvanceUntilLookupAsync(int count) => Eventually.HoldsAsync(
        () =>
        {
            if (_lookup.Count < count)
                _time.Advance(TimeSpan.FromSeconds(1));
            return _lookup.Count >= count;
        },
        $"lookup {count}");

    private sealed class ScriptedLookup : IHostLookup
    {
        private int _count;

        public ConcurrentDictionary<string, string[]?> Answers { get; } = new();

        public TaskCompletionSource? Gate { get; set; }

        public TimeSpan? ValidFor { get; set; }

        public int Count => Volatile.Read(ref _count);

        public async Task<HostAnswer> LookupAsync(string host, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            if (Gate is not null)
                await Gate.Task.WaitAsync(cancellationToken);
            string[] answer = Answers[host] ?? throw new InvalidOperationException("no such host");
            return new HostAnswer([.. answer.Select(IPAddress.Parse)], ValidFor);
        }
    }
}
