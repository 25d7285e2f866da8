using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Headgate.Store.Etcd;
using Headgate.Testing;
using static Headgate.Store.Tests.Etcd.EtcdStores;

namespace Headgate.Store.Tests.Etcd;

/// <summary>Three members of which some are killed or frozen: what was answered is there, once, and watchers see all of it.</summary>
public sealed class EtcdFailoverTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("KILL")]
    [InlineData("STOP")]
    public async Task OneMemberOfThree_KilledOrFrozen_NothingAnsweredIsLostOrAppliedTwice(string signal)
    {
        await using EtcdProcess etcd = await EtcdProcess.StartAsync(members: 3);
        await using EtcdStore store = await OpenAsync(etcd.Endpoints);
        long first = (await store.CommitAsync([], Put("/first", "1"))).Revision;
        var seen = new ConcurrentQueue<string>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task watch = WatchAsync(store, first, seen, stop.Token);
        bool goesOn = true;
        int done = 0;
        Task<int>[] counters = [.. Enumerable.Range(0, 3).Select(_ => store.CountUpAsync("/n", () => { Interlocked.Increment(ref done); return Volatile.Read(ref goesOn); }))];
        await Eventually.HoldsAsync(() => Volatile.Read(ref done) > 60, "commits are made");
        etcd.Signal(0, signal);
        int before = Volatile.Read(ref done);
        await Eventually.HoldsAsync(() => Volatile.Read(ref done) > before + 60, "commits go on without the member");
        if (signal == "STOP")
            etcd.Signal(0, "CONT");
        else
            etcd.Restart(0);
        before = Volatile.Read(ref done);
        await Eventually.HoldsAsync(() => Volatile.Read(ref done) > before + 60, "commits go on with the member");
        Volatile.Write(ref goesOn, false);
        int answered = (await Task.WhenAll(counters)).Sum();

        (await store.ReadAsync("/n")).ShouldBe(answered.ToString(CultureInfo.InvariantCulture));
        await Eventually.HoldsAsync(() => seen.Count >= answered, "the watcher has seen every commit");
        seen.ShouldBe(Enumerable.Range(1, answered).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        (await store.GetHistoryAsync("/n", 1000, Token)).Count.ShouldBe(Math.Min(answered, 1000));
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(watch);
    }

    [Fact]
    public async Task MajorityKilledAndBroughtBack_WritesFailInTimeAndEverythingAnsweredIsThere()
    {
        await using EtcdProcess etcd = await EtcdProcess.StartAsync(members: 3);
        await using EtcdStore store = await OpenAsync(etcd.Endpoints, options => options with { Timeout = TimeSpan.FromSeconds(3) });
        await using EtcdStore follower = await OpenAsync([.. etcd.Endpoints.Reverse()], options => options with { Timeout = TimeSpan.FromSeconds(3) });
        long first = (await store.CommitAsync([], Put("/n", "0"))).Revision;
        var seen = new ConcurrentQueue<string>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task watch = WatchAsync(follower, first, seen, stop.Token);
        await store.CommitAsync([], Put("/n", "1"));
        await etcd.KillAsync(0);
        await etcd.KillAsync(1);

        StoreUnavailableException unwritten = await Should.ThrowAsync<StoreUnavailableException>(async () => await store.CommitAsync([], Put("/n", "lost")).WaitAsync(TimeSpan.FromSeconds(30), Token));
        unwritten.Message.ShouldContain("deployment.etcd.host");
        await Should.ThrowAsync<StoreUnavailableException>(async () => await store.GetAsync("/n", Token).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token));
        etcd.Restart(0);
        etcd.Restart(1);

        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    return (await store.CommitAsync([new Compare.Exists("/n")], Put("/n", "2"))).Applied;
                }
                catch (StoreUnavailableException)
                {
                    return false;
                }
            },
            "commits are taken again");
        (await store.GetHistoryAsync("/n", 10, Token)).Select(record => Encoding.UTF8.GetString(record.After!.Value.Span)).ShouldBe(["2", "1", "0"]);
        await Eventually.HoldsAsync(() => seen.Count >= 2, "the watcher goes on");
        seen.ShouldBe(["1", "2"]);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(watch);
    }

    [Fact]
    public async Task WatchedMemberFrozenDuringACompaction_IsAGapAndEnds()
    {
        await using EtcdProcess etcd = await EtcdProcess.StartAsync(members: 3);
        await using EtcdStore frozen = await OpenAsync(etcd.Endpoints);
        await using EtcdStore other = await OpenAsync([etcd.Endpoints[1], etcd.Endpoints[2]]);
        long first = (await other.CommitAsync([], Put("/n", "0"))).Revision;
        await using IAsyncEnumerator<StoreRevision> watch = frozen.WatchAsync("/n", first, Token).GetAsyncEnumerator(Token);
        Task<bool> next = watch.MoveNextAsync().AsTask();
        long second = (await other.CommitAsync([], Put("/n", "1"))).Revision;
        (await next).ShouldBeTrue();
        watch.Current.Revision.ShouldBe(second);
        next = watch.MoveNextAsync().AsTask();
        etcd.Signal(0, "STOP");
        await other.CommitAsync([], Put("/n", "2"));
        long last = (await other.CommitAsync([], new Operation.Delete("/n"))).Revision;
        await etcd.AskAsync("/v3/kv/compaction", $$"""{"revision":"{{last}}"}""", member: 1);

        (await next).ShouldBeTrue();
        ReferenceEquals(watch.Current, StoreRevision.Gap).ShouldBeTrue();
        (await watch.MoveNextAsync()).ShouldBeFalse();
        (await frozen.GetAsync("/n", Token)).Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task OnlyMember_KilledAndStartedAgain_WatchGoesOnWithoutAGap()
    {
        await using EtcdProcess etcd = await EtcdProcess.StartAsync();
        await using EtcdStore store = await OpenAsync(etcd.Endpoints);
        long first = (await store.CommitAsync([], Put("/n", "0"))).Revision;
        var seen = new ConcurrentQueue<string>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task watch = WatchAsync(store, first, seen, stop.Token);
        await store.CommitAsync([], Put("/n", "1"));
        await Eventually.HoldsAsync(() => !seen.IsEmpty, "the watcher sees");
        await etcd.KillAsync(0);
        (await Should.ThrowAsync<StoreUnavailableException>(async () => await store.GetAsync("/n", Token))).Message.ShouldContain("Connection refused");
        etcd.Restart(0);
        await Eventually.HoldsAsync(async () => (await TryReadAsync(store, "/n")) == "1", "etcd is back");
        await store.CommitAsync([], Put("/n", "2"));

        await Eventually.HoldsAsync(() => seen.Count >= 2, "the watcher goes on");
        seen.ShouldBe(["1", "2"]);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(watch);
    }

    [Fact]
    public async Task ReplacedByAnEmptyOne_IsAGap()
    {
        await using EtcdProcess etcd = await EtcdProcess.StartAsync();
        await using EtcdStore store = await OpenAsync(etcd.Endpoints);
        long first = (await store.CommitAsync([], Put("/n", "0"))).Revision;
        await using IAsyncEnumerator<StoreRevision> watch = store.WatchAsync("/n", first, Token).GetAsyncEnumerator(Token);
        Task<bool> next = watch.MoveNextAsync().AsTask();
        await etcd.KillAsync(0);
        etcd.Forget(0);
        etcd.Restart(0);

        (await next).ShouldBeTrue();
        ReferenceEquals(watch.Current, StoreRevision.Gap).ShouldBeTrue();
    }

    private static async Task<string?> TryReadAsync(EtcdStore store, string key)
    {
        try
        {
            return await store.ReadAsync(key);
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    private static async Task WatchAsync(EtcdStore store, long after, ConcurrentQueue<string> seen, CancellationToken cancellationToken)
    {
        await foreach (StoreRevision revision in store.WatchAsync("/n", after, cancellationToken))
            seen.Enqueue(ReferenceEquals(revision, StoreRevision.Gap) ? "gap" : Encoding.UTF8.GetString(revision.Changes[0].Entry!.Value.Span));
    }
}
