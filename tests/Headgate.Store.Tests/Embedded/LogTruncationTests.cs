using System.Collections.Concurrent;
using System.Globalization;
using Headgate.Store.Embedded;
using Headgate.Store.Embedded.Sqlite;

namespace Headgate.Store.Tests.Embedded;

/// <summary>
/// Cuts the write-ahead log of a store that was never closed at every byte, as a crash of the machine may, and opens what is left. What is there must be the
/// first N revisions for some N, each whole, and N must grow with the length kept.
/// </summary>
public sealed class LogTruncationTests
{
    private const int Commits = 4;

    // 61 has no factor in common with the frames of the log: every kind of place is cut, not the same one of each frame.
    [Fact]
    public Task OpenAsync_LogCutAtBytesOfAllKinds_IsAPrefixOfTheRevisions() => CutAsync(stride: 61);

    [Fact]
    [Trait("Category", "Long")]
    public Task OpenAsync_LogCutAtEveryByte_IsAPrefixOfTheRevisions() => CutAsync(stride: 1);

    private static async Task CutAsync(int stride)
    {
        using TempFolder folder = TempFolder.InMemory();
        (byte[] database, byte[] log) = await MakeAsync(folder.Path);
        int[] lengths = [.. Enumerable.Range(0, log.Length + 1).Where(length => length % stride == 0 || length == log.Length)];
        ConcurrentDictionary<int, long> revisions = new();
        await Parallel.ForEachAsync(lengths, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (length, _) =>
        {
            string cut = Path.Combine(folder.Path, length.ToString(CultureInfo.InvariantCulture));
            Directory.CreateDirectory(cut);
            await File.WriteAllBytesAsync(Path.Combine(cut, "headgate.db"), database, CancellationToken.None);
            await File.WriteAllBytesAsync(Path.Combine(cut, "headgate.db-wal"), log.AsMemory(0, length), CancellationToken.None);
            revisions[length] = await OpenAndCheckAsync(cut, length);
            Directory.Delete(cut, recursive: true);
        });

        long[] byLength = [.. revisions.OrderBy(pair => pair.Key).Select(pair => pair.Value)];
        byLength.ShouldBe(byLength.Order());
        byLength.Distinct().ShouldBe(Enumerable.Range(0, Commits + 1).Select(revision => (long)revision));
    }

    /// <summary>Revision R puts keys 1 to 3 to R and makes a key of its own; the last also deletes key 1.</summary>
    private static async Task<(byte[] Database, byte[] Log)> MakeAsync(string folder)
    {
        await (await EmbeddedStores.OpenAsync(folder)).DisposeAsync();
        string path = Path.Combine(folder, "headgate.db");
        using (SqliteDatabase small = SqliteDatabase.Open(path, readOnly: false))
        {
            // Small pages make the log small enough to be cut at every byte.
            small.Execute("PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM; PRAGMA journal_mode = WAL;");
        }

        await using EmbeddedStore store = await EmbeddedStores.OpenAsync(folder);
        for (int revision = 1; revision <= Commits; revision++)
        {
            await store.PutAsync([.. Enumerable.Range(1, 3).Append(revision + 10).Select(key => ($"/k/{key}", $"{revision}"))]);
        }

        return (await File.ReadAllBytesAsync(path), await File.ReadAllBytesAsync(path + "-wal"));
    }

    private static async Task<long> OpenAndCheckAsync(string folder, int length)
    {
        await using EmbeddedStore store = await EmbeddedStores.OpenAsync(folder);
        StoreView view = await store.GetAsync("", CancellationToken.None);
        long revision = view.Revision;
        Dictionary<string, string> expected = [];
        for (int past = 1; past <= revision; past++)
        {
            foreach (int key in Enumerable.Range(1, 3).Append(past + 10))
            {
                expected[$"/k/{key}"] = $"{past}";
            }
        }

        (await store.ReadAllAsync()).ShouldBe(expected, ignoreOrder: true, $"log cut at {length}");
        (await store.GetHistoryAsync("/k/1", 1000, CancellationToken.None)).Select(record => record.Revision)
            .ShouldBe(Enumerable.Range(1, (int)revision).Reverse().Select(past => (long)past), $"log cut at {length}");
        (await store.PutAsync(("/new", "1"))).Revision.ShouldBe(revision + 1);
        return revision;
    }
}
