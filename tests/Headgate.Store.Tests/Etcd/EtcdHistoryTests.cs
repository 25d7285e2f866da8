using System.Text;
using Headgate.Store.Etcd;
using Headgate.Testing;
using static Headgate.Store.Tests.Etcd.EtcdStores;

namespace Headgate.Store.Tests.Etcd;

/// <summary>The history in etcd: who else writes, what compaction leaves, and the order over chapters.</summary>
public sealed class EtcdHistoryTests(EtcdFixture etcd) : EtcdTest(etcd)
{
    [Fact]
    public async Task WrittenByOthers_IsDeliveredAndRecordedOnceAsUnknown()
    {
        await using EtcdStore one = await OpenRecordingAsync();
        await using EtcdStore two = await OpenRecordingAsync();
        long first = (await one.CommitAsync([], Put("/apisix/routes/1", "ours"))).Revision;
        await WriteAsync("/apisix/routes/1", "theirs");
        await WriteAsync("/elsewhere", "theirs");
        await Etcd.Process.AskAsync("/v3/kv/deleterange", $$"""{"key":"{{B("/apisix/routes/1")}}"}""");
        await one.CommitAsync([], Put("/apisix/routes/1", "ours again"));

        await EventuallyAsync(one, "/apisix/routes/1", "ours again by tester, null by unknown, theirs by unknown, ours by tester");
        IReadOnlyList<HistoryRecord> history = await two.GetHistoryAsync("/apisix/routes/1", 10, Token);
        history[2].Revision.ShouldBe(first + 1);
        history.Select(record => Show(record.Before)).ShouldBe(["null", "theirs", "ours", "null"]);
        (await one.GetHistoryAsync("/elsewhere", 10, Token)).ShouldBeEmpty();
        (await one.SearchHistoryAsync(new HistoryQuery { Who = "unknown" }, Token)).Records.Select(record => record.Revision).ShouldBe([history[1].Revision, first + 1]);
    }

    [Fact]
    public async Task WrittenByOthersWhileNobodyRan_IsRecordedAfterwards()
    {
        await using (EtcdStore store = await OpenRecordingAsync())
            await store.CommitAsync([], Put("/apisix/routes/1", "ours"));
        await WriteAsync("/apisix/routes/1", "theirs");
        await using EtcdStore later = await OpenRecordingAsync();

        await EventuallyAsync(later, "/apisix/routes/1", "theirs by unknown, ours by tester");
    }

    [Fact]
    public async Task WrittenByOthersWhileNobodyRanAndCompacted_LastValuesAreRecordedAndOwnOnesNotAgain()
    {
        await using (EtcdStore store = await OpenRecordingAsync())
        {
            await store.CommitAsync([], Put("/apisix/ours", "1"), Put("/apisix/both", "ours"));
            await store.CommitAsync([], Put("/apisix/ours", "2"));
        }

        await WriteAsync("/apisix/both", "between");
        await WriteAsync("/apisix/both", "theirs");
        await WriteAsync("/apisix/new", "theirs");
        string answer = await Etcd.Process.AskAsync("/v3/kv/put", $$"""{"key":"{{B("/elsewhere")}}","value":""}""");
        string newest = System.Text.Json.JsonDocument.Parse(answer).RootElement.GetProperty("header").GetProperty("revision").GetString()!;
        await Etcd.Process.AskAsync("/v3/kv/compaction", $$"""{"revision":"{{newest}}"}""");
        await using EtcdStore later = await OpenRecordingAsync();

        await EventuallyAsync(later, "/apisix/both", "theirs by unknown, ours by tester");
        Show((await later.GetHistoryAsync("/apisix/both", 1, Token))[0].Before).ShouldBe("ours");
        await EventuallyAsync(later, "/apisix/new", "theirs by unknown");
        await EventuallyAsync(later, "/apisix/ours", "2 by tester, 1 by tester");
    }

    [Fact]
    public async Task WrittenBeforeTheFirstStart_IsNoHistoryButTheValueBefore()
    {
        await WriteAsync("/apisix/routes/1", "theirs");
        await using EtcdStore store = await OpenRecordingAsync();
        (await store.GetHistoryAsync("/apisix/routes/1", 10, Token)).ShouldBeEmpty();
        await store.CommitAsync([], Put("/apisix/routes/1", "ours"));

        HistoryRecord record = (await store.GetHistoryAsync("/apisix/routes/1", 10, Token)).ShouldHaveSingleItem();
        Show(record.Before).ShouldBe("theirs");
    }

    [Fact]
    public async Task KeyWithATtl_DeletedByHand_IsNotAnExpiry()
    {
        await using EtcdStore store = await OpenRecordingAsync();
        await store.CommitAsync([], Put("/apisix/a", "1", TimeSpan.FromHours(1)), Put("/apisix/b", "1", TimeSpan.FromSeconds(1)));
        await Etcd.Process.AskAsync("/v3/kv/deleterange", $$"""{"key":"{{B("/apisix/a")}}"}""");

        await EventuallyAsync(store, "/apisix/a", "null by unknown, 1 by tester");
        await EventuallyAsync(store, "/apisix/b", "null by expiry, 1 by tester");
    }

    [Fact]
    public async Task Compacted_HistoryIsStillThere()
    {
        await using EtcdStore store = await OpenRecordingAsync();
        for (int i = 0; i < 5; i++)
            await store.CommitAsync([], Put("/apisix/a", $"{i}"));
        long last = (await store.CommitAsync([], new Operation.Delete("/apisix/a"))).Revision;
        await Etcd.Process.AskAsync("/v3/kv/compaction", $$"""{"revision":"{{last}}"}""");

        IReadOnlyList<HistoryRecord> history = await store.GetHistoryAsync("/apisix/a", 3, Token);
        history.Select(record => (Show(record.Before), Show(record.After))).ShouldBe([("4", "null"), ("3", "4"), ("2", "3")]);
        history.ShouldAllBe(record => record.Origin == Me);
    }

    [Fact]
    public async Task SearchHistoryAsync_SeveralChaptersAndWriters_IsInOrderWithoutHoles()
    {
        await using EtcdStore one = await OpenRecordingAsync();
        await using EtcdStore two = await OpenRecordingAsync();
        long first = (await one.CommitAsync([], Put("/apisix/first", "1"))).Revision;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            for (int i = 0; i < 160; i++)
                await (writer % 2 == 0 ? one : two).CommitAsync([], Put($"/apisix/{writer}", $"{i}"));
        }));
        await WriteAsync("/apisix/first", "theirs");
        await EventuallyAsync(one, "/apisix/first", "theirs by unknown, 1 by tester");

        var revisions = new List<long>();
        for (var query = new HistoryQuery { Limit = 300 }; ;)
        {
            HistoryPage page = await two.SearchHistoryAsync(query, Token);
            revisions.AddRange(page.Records.Select(record => record.Revision));
            if (page.Before is null)
                break;
            query = query with { Before = page.Before };
        }

        long newest = (await one.FindAsync("/apisix/first", Token))!.ModRevision;
        revisions.ShouldBe(Enumerable.Range(0, 1282).Select(i => newest - i));
        newest.ShouldBe(first + 1281);
    }

    [Fact]
    public async Task SearchHistoryAsync_Key_ReadsRecordsOfThatKeyAlone()
    {
        await using EtcdRelay relay = await EtcdRelay.StartAsync(Etcd.Process.Endpoints[0]);
        await using EtcdStore store = await OpenAsync([relay.Endpoint]);
        string noise = System.Security.Cryptography.RandomNumberGenerator.GetHexString(100_000);
        var revisions = new List<long>();
        for (int i = 0; i < 5; i++)
        {
            await store.CommitAsync([], Put("/apisix/a/b", noise), Put("/apisix/aa", noise));
            revisions.Insert(0, (await store.CommitAsync([], Put("/apisix/a", $"{i}"))).Revision);
            await store.CommitAsync([], Put($"/apisix/a{i}", noise));
        }

        long before = relay.Answered;
        async Task<HistoryPage> SearchAsync(HistoryQuery query)
        {
            HistoryPage page = await store.SearchHistoryAsync(query, Token);
            page.Records.ShouldAllBe(record => record.Key == "/apisix/a");
            return page;
        }
        (await SearchAsync(new HistoryQuery { Key = "/apisix/a" })).Records.Select(record => record.Revision).ShouldBe(revisions);
        var seen = new List<long>();
        var query = new HistoryQuery { Key = "/apisix/a", Limit = 2 };
        for (HistoryPage page = await SearchAsync(query); ; page = await SearchAsync(query with { Before = page.Before }))
        {
            seen.AddRange(page.Records.Select(record => record.Revision));
            if (page.Before is null)
                break;
        }

        seen.ShouldBe(revisions);
        foreach (long from in Enumerable.Range(0, 20).Select(i => revisions[^1] - 3 + i))
            (await SearchAsync(query with { Before = from, Limit = 1 })).Records.Select(record => record.Revision).ShouldBe(revisions.Where(revision => revision < from).Take(1));
        (await SearchAsync(query with { Who = "nobody" })).Records.ShouldBeEmpty();
        (await SearchAsync(query with { Before = 1 })).Records.ShouldBeEmpty();
        (relay.Answered - before).ShouldBeLessThan(noise.Length);
    }

    [Fact]
    public async Task DropHistoryAsync_Time_DropsWhatIsOlderAndNothingThatIs()
    {
        await using EtcdStore store = await OpenRecordingAsync();
        long last = 0;
        for (int i = 0; i < 3; i++)
            last = (await store.CommitAsync([], [.. Enumerable.Range(0, 60).Select(key => Put($"/apisix/{key}", $"{i}"))])).Revision;
        (await store.SearchHistoryAsync(new HistoryQuery(), Token)).Compacted.ShouldBe(0);
        DateTimeOffset between = TimeProvider.System.GetUtcNow().AddMilliseconds(2);
        await Eventually.HoldsAsync(() => TimeProvider.System.GetUtcNow() > between.AddMilliseconds(2), "a moment passes");
        long kept = (await store.CommitAsync([], Put("/apisix/0", "kept"))).Revision;

        // What the recorder has yet to look at stays.
        long dropped = 0;
        await Eventually.HoldsAsync(async () => (dropped += await store.DropHistoryAsync(between, Token)) == 3, "the old ones are dropped");
        (await store.DropHistoryAsync(between, Token)).ShouldBe(0);
        (await store.GetHistoryAsync("/apisix/0", 10, Token)).ShouldHaveSingleItem().Revision.ShouldBe(kept);
        (await store.GetHistoryAsync("/apisix/1", 10, Token)).ShouldBeEmpty();
        HistoryPage left = await store.SearchHistoryAsync(new HistoryQuery(), Token);
        (left.Records.ShouldHaveSingleItem().Revision, left.Compacted).ShouldBe((kept, last));
        (await store.SearchHistoryAsync(new HistoryQuery { Key = "/apisix/0", Before = 1 }, Token)).Compacted.ShouldBe(last);
        (await store.GetAsync("/apisix/", Token)).Entries.Count.ShouldBe(60);
        string entries = await Etcd.Process.AskAsync("/v3/kv/range", $$"""{"key":"{{B("/headgate/history/keys")}}","range_end":"{{B("/headgate/history/keyt")}}","count_only":true}""");
        entries.ShouldContain("\"count\":\"1\"");
    }

    [Fact]
    public async Task Start_EtcdNotThereYet_FollowsAndRecordsOnceItIs()
    {
        await using EtcdProcess late = await EtcdProcess.StartAsync();
        await late.KillAsync(0);
        await using EtcdStore store = EtcdStore.Start(
            new EtcdOptions { Endpoints = late.Endpoints, AttemptTimeout = TimeSpan.FromSeconds(1), RecordedPrefixes = ["/apisix/"] }, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        await Should.ThrowAsync<StoreUnavailableException>(async () => await store.GetAsync("/", Token));
        await using IAsyncEnumerator<StoreRevision> watch = store.WatchAsync("/apisix/", 0, Token).GetAsyncEnumerator(Token);
        Task<bool> next = watch.MoveNextAsync().AsTask();
        late.Restart(0);

        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    return (await store.CommitAsync([new Compare.Missing("/apisix/a")], Put("/apisix/a", "1"))).Revision > 0;
                }
                catch (StoreUnavailableException)
                {
                    return false;
                }
            },
            "etcd is there");
        (await next).ShouldBeTrue();
        watch.Current.Changes.ShouldHaveSingleItem().Key.ShouldBe("/apisix/a");
    }

    private static string B(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Show(ReadOnlyMemory<byte>? value) => value is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : "null";

    private static Task EventuallyAsync(EtcdStore store, string key, string history)
    {
        string seen = "";
        return Eventually.HoldsAsync(
            async () =>
            {
                seen = string.Join(", ", (await store.GetHistoryAsync(key, 10, Token)).Select(record => $"{Show(record.After)} by {record.Origin.Who}"));
                return seen == history ? true : seen.Length > history.Length ? throw new InvalidOperationException(seen) : false;
            },
            $"the history of {key} is: {history}");
    }

    private Task<string> WriteAsync(string key, string value) => Etcd.Process.AskAsync("/v3/kv/put", $$"""{"key":"{{B(key)}}","value":"{{B(value)}}"}""");

    private Task<EtcdStore> OpenRecordingAsync() => OpenAsync(Etcd.Process.Endpoints, options => options with { RecordedPrefixes = ["/apisix/"] });
}
