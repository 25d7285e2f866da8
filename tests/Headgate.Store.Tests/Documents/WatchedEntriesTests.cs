using Headgate.Store.Documents;

namespace Headgate.Store.Tests.Documents;

public sealed class WatchedEntriesTests
{
    private readonly WatchedEntries _entries = new(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Replace_OnlyWhatDiffers_GetsTheNewRevision()
    {
        Replace(("/a", "1"), ("/b", "1")).ShouldBe(2);
        Replace(("/a", "1"), ("/b", "2"), ("/c", "1")).ShouldBe(2);
        Replace(("/a", "1"), ("/b", "2"), ("/c", "1")).ShouldBe(0);
        Replace(("/a", "1")).ShouldBe(2);

        StoreView view = _entries.Get("/");
        view.Revision.ShouldBe(13);
        StoreEntry entry = view.Entries.ShouldHaveSingleItem();
        (entry.Key, entry.CreateRevision, entry.ModRevision).ShouldBe(("/a", 11, 11));
    }

    [Fact]
    public void Replace_TheFirst_IsARevisionAlsoWhenThereIsNothing()
    {
        _entries.Replace(new Dictionary<string, ReadOnlyMemory<byte>>(), isFirst: true).ShouldBe(0);

        _entries.Get("").Revision.ShouldBe(11);
    }

    [Fact]
    public async Task WatchAsync_BehindByMoreThanIsKept_IsAGap()
    {
        for (int i = 0; i < 40; i++)
            Replace(("/a", $"{i}"), ("/other/b", $"{i}"));

        (await WatchAsync("/", 10, 1)).ShouldBe(["gap"]);
        (await WatchAsync("/", 17, 1)).ShouldBe(["gap"]);
        (await WatchAsync("/", 51, 1)).ShouldBe(["gap"]);
        (await WatchAsync("/", 0, 1)).ShouldBe(["gap"]);
        (await WatchAsync("/", 18, 32)).ShouldBe([.. Enumerable.Range(19, 32).Select(revision => $"{revision}: /a /other/b")]);
        (await WatchAsync("/other/", 49, 1)).ShouldBe(["50: /other/b"]);
    }

    [Fact]
    public async Task WatchAsync_WaitsForWhatIsBelowItsPrefix()
    {
        Task<List<string>> watching = WatchAsync("/b/", 10, 2);

        Replace(("/a", "1"));
        Replace(("/a", "1"), ("/b/1", "1"));
        Replace(("/a", "2"), ("/b/1", "1"));
        Replace(("/a", "2"));

        (await watching).ShouldBe(["12: /b/1", "14: /b/1 deleted"]);
    }

    private int Replace(params (string Key, string Value)[] objects) =>
        _entries.Replace(objects.ToDictionary(item => item.Key, item => (ReadOnlyMemory<byte>)System.Text.Encoding.UTF8.GetBytes(item.Value)), isFirst: false);

    private async Task<List<string>> WatchAsync(string prefix, long after, int count)
    {
        List<string> seen = [];
        await foreach (StoreRevision revision in _entries.WatchAsync(prefix, after, Token))
        {
            seen.Add(ReferenceEquals(revision, StoreRevision.Gap) ? "gap" : $"{revision.Revision}: {string.Join(' ', revision.Changes.Select(change => change.Entry is null ? change.Key + " deleted" : change.Key))}");
            if (seen.Count == count)
                break;
        }

        return seen;
    }
}
