namespace Headgate.Store.Tests.Contract;

/// <summary>Watches and history.</summary>
public abstract class StoreWatchContract : StoreCommitContract
{
    [Fact]
    public async Task WatchAsync_RevisionsAlreadyThere_AreYieldedInOrder()
    {
        long first = (await CommitAsync(Put("/a/1", "x"), Put("/a/2", "y"))).Revision;
        await CommitAsync(Delete("/a/1"), Put("/b/1", "z"));
        await CommitAsync(Put("/b/2", "z"));
        await CommitAsync(Put("/a/3", "w"));

        (await WatchAsync("/a/", first - 1, 3)).ShouldBe(
            [$"{first}: /a/1=x /a/2=y", $"{first + 1}: /a/1 deleted", $"{first + 3}: /a/3=w"]);
        (await WatchAsync("", first + 1, 1)).ShouldBe([$"{first + 2}: /b/2=z"]);
    }

    [Fact]
    public async Task WatchAsync_Entries_CarryTheirRevisions()
    {
        long first = (await CommitAsync(Put("/a", "1"))).Revision;
        long second = (await CommitAsync(Put("/a", "2"))).Revision;
        List<StoreChange> changes = [];
        await foreach (StoreRevision revision in Store.WatchAsync("/a", first - 1, Token))
        {
            changes.AddRange(revision.Changes);
            if (revision.Revision == second)
            {
                break;
            }
        }

        changes.Select(change => (change.Entry!.CreateRevision, change.Entry.ModRevision)).ShouldBe([(first, first), (first, second)]);
    }

    [Fact]
    public async Task WatchAsync_Storm_EveryWatcherSeesEveryRevisionOnceInOrder()
    {
        long before = (await CommitAsync(Put("/first", "1"))).Revision;
        Task<List<string>>[] watchers = [.. Enumerable.Range(0, 4).Select(_ => WatchAsync("/k/", before, 400))];

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async caller =>
        {
            for (int i = 0; i < 100; i++)
            {
                await CommitAsync(Put($"/k/{caller}/{i}", "1"));
            }
        }));

        foreach (List<string> seen in await Task.WhenAll(watchers))
        {
            seen.Select(line => long.Parse(line.Split(':')[0], null)).ShouldBe(Enumerable.Range(1, 400).Select(i => before + i));
        }
    }

    [Fact]
    public async Task WatchAsync_SlowWatcher_MissesNothing()
    {
        long before = (await CommitAsync(Put("/first", "1"))).Revision;
        await using IAsyncEnumerator<StoreRevision> watch = Store.WatchAsync("/k", before, Token).GetAsyncEnumerator(Token);
        await CommitAsync(Put("/k", "0"));
        (await watch.MoveNextAsync()).ShouldBeTrue();
        for (int i = 1; i <= 600; i++)
        {
            await CommitAsync(Put("/k", $"{i}"));
        }

        for (int i = 1; i <= 600; i++)
        {
            (await watch.MoveNextAsync()).ShouldBeTrue();
            Describe(watch.Current).ShouldBe($"{before + 1 + i}: /k={i}");
        }
    }

    [Fact]
    public async Task WatchAsync_RevisionNeverMade_IsAGapAndEnds()
    {
        long newest = (await CommitAsync(Put("/a", "1"))).Revision;

        (await WatchAsync("/", newest + 1, 2)).ShouldBe(["gap"]);
    }

    [Fact]
    public async Task WatchAsync_Compacted_IsAGap()
    {
        long first = (await CommitAsync(Put("/a", "1"))).Revision;
        await CommitAsync(Put("/a", "2"));
        await CommitAsync(Put("/a", "3"));
        await CompactAsync(Store, first + 1);

        (await WatchAsync("/", first, 2)).ShouldBe(["gap"]);
        (await WatchAsync("/", first + 1, 1)).ShouldBe([$"{first + 2}: /a=3"]);
        (await ReadAsync()).ShouldBe("/a=3");
    }

    [Fact]
    public async Task WatchAsync_Compacted_IsAGapAlsoAfterReopening()
    {
        long first = (await CommitAsync(Put("/a", "1"))).Revision;
        await CommitAsync(Put("/a", "2"));
        await CommitAsync(Put("/a", "3"));
        await CompactAsync(Store, first + 1);
        await ReopenAsync();

        (await WatchAsync("/", first, 2)).ShouldBe(["gap"]);
        (await WatchAsync("/", first + 1, 1)).ShouldBe([$"{first + 2}: /a=3"]);
    }

    [Fact]
    public async Task WatchAsync_Cancelled_Throws()
    {
        long newest = (await CommitAsync(Put("/a", "1"))).Revision;
        using CancellationTokenSource source = new();
        await using IAsyncEnumerator<StoreRevision> watch = Store.WatchAsync("/", newest, source.Token).GetAsyncEnumerator(Token);
        ValueTask<bool> next = watch.MoveNextAsync();
        await source.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await next);
    }

    [Fact]
    public async Task DisposeAsync_WatcherWaits_ItGetsObjectDisposed()
    {
        long newest = (await CommitAsync(Put("/a", "1"))).Revision;
        await using IAsyncEnumerator<StoreRevision> watch = Store.WatchAsync("/", newest, Token).GetAsyncEnumerator(Token);
        ValueTask<bool> next = watch.MoveNextAsync();
        await Store.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(async () => await next);
        await Should.ThrowAsync<ObjectDisposedException>(async () => await Store.GetAsync("/", Token));
        await Should.ThrowAsync<ObjectDisposedException>(async () => await CommitAsync(Put("/a", "2")));
    }

    [Fact]
    public async Task GetHistoryAsync_Key_TellsWhoWhereWhyBeforeAndAfter()
    {
        long first = (await CommitAsync(Put("/a", "1"), Put("/b", "x"))).Revision;
        await CommitAsync(Put("/a", "2"));
        await CommitAsync(Put("/b", ""));
        await CommitAsync(Delete("/a"));

        IReadOnlyList<HistoryRecord> history = await Store.GetHistoryAsync("/a", 10, Token);

        history.Select(record => (record.Revision, Show(record.Before), Show(record.After)))
            .ShouldBe([(first + 3, "2", "null"), (first + 1, "1", "2"), (first, "null", "1")]);
        history.ShouldAllBe(record => record.Key == "/a" && record.Origin == Me);
        (await Store.GetHistoryAsync("/b", 1, Token)).Select(record => (record.Revision, Show(record.Before), Show(record.After)))
            .ShouldBe([(first + 2, "x", "")]);
        (await Store.GetHistoryAsync("/none", 1000, Token)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task GetHistoryAsync_LimitOutOfRange_Throws(int limit) =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Store.GetHistoryAsync("/a", limit, Token));

    [Fact]
    public async Task SearchHistoryAsync_Filters_AllMustPass()
    {
        long first = (await CommitAsync(Put("/a/2", "1"), Put("/a/1", "1"))).Revision;
        await CommitAsync(Put("/b/1", "1"));
        await CommitAsync(Delete("/a/1"));

        async Task<string> SearchAsync(HistoryQuery query) =>
            string.Join(' ', (await Store.SearchHistoryAsync(query, Token)).Records.Select(record => $"{record.Revision - first}:{record.Key}={Show(record.Before)}>{Show(record.After)}"));
        (await SearchAsync(new HistoryQuery())).ShouldBe("2:/a/1=1>null 1:/b/1=null>1 0:/a/1=null>1 0:/a/2=null>1");
        (await SearchAsync(new HistoryQuery { Prefix = "/a/1" })).ShouldBe("2:/a/1=1>null 0:/a/1=null>1");
        (await SearchAsync(new HistoryQuery { Key = "/a/1" })).ShouldBe("2:/a/1=1>null 0:/a/1=null>1");
        (await SearchAsync(new HistoryQuery { Key = "/a/1", Before = first + 2 })).ShouldBe("0:/a/1=null>1");
        (await SearchAsync(new HistoryQuery { Key = "/a/" })).ShouldBe("");
        (await SearchAsync(new HistoryQuery { Before = first + 2, Prefix = "/b" })).ShouldBe("1:/b/1=null>1");
        (await SearchAsync(new HistoryQuery { Who = "somebody" })).ShouldBe("");
        (await SearchAsync(new HistoryQuery { Who = Me.Who, Prefix = "/b" })).ShouldBe("1:/b/1=null>1");
        DateTimeOffset made = (await Store.GetHistoryAsync("/b/1", 1, Token))[0].Time;
        (await SearchAsync(new HistoryQuery { From = made.AddDays(1) })).ShouldBe("");
        (await SearchAsync(new HistoryQuery { To = made.AddDays(-1) })).ShouldBe("");
        (await SearchAsync(new HistoryQuery { From = made, To = made.AddDays(1), Prefix = "/b" })).ShouldBe("1:/b/1=null>1");
        (await Store.SearchHistoryAsync(new HistoryQuery { Prefix = "/b" }, Token)).Records.ShouldAllBe(record => record.Origin == Me);
    }

    [Fact]
    public async Task SearchHistoryAsync_Pages_HoldWholeRevisionsAndEveryChangeOnce()
    {
        long first = (await CommitAsync(Put("/a/1", "1"), Put("/a/2", "1"), Put("/a/3", "1"))).Revision;
        for (int i = 0; i < 7; i++)
            await CommitAsync(Put("/a/1", $"{i}"), Put("/b", "1"));

        List<string> seen = [];
        HistoryPage page = await Store.SearchHistoryAsync(new HistoryQuery { Prefix = "/a/", Limit = 2 }, Token);
        for (int pages = 0; pages < 20; pages++)
        {
            page.Records.Count.ShouldBeLessThanOrEqualTo(4);
            seen.AddRange(page.Records.Select(record => $"{record.Revision - first}{record.Key}"));
            if (page.Before is not { } before)
                break;
            page = await Store.SearchHistoryAsync(new HistoryQuery { Prefix = "/a/", Limit = 2, Before = before }, Token);
        }

        page.Before.ShouldBeNull();
        seen.ShouldBe(["7/a/1", "6/a/1", "5/a/1", "4/a/1", "3/a/1", "2/a/1", "1/a/1", "0/a/1", "0/a/2", "0/a/3"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task SearchHistoryAsync_LimitOutOfRange_Throws(int limit) =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Store.SearchHistoryAsync(new HistoryQuery { Limit = limit }, Token));

    private static string Show(ReadOnlyMemory<byte>? value) => value is { } bytes ? Text(bytes) : "null";
}
