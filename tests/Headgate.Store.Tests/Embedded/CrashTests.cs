using Headgate.Store.Embedded;

namespace Headgate.Store.Tests.Embedded;

public sealed class CrashTests
{
    [Theory]
    [InlineData(1, 300)]
    [InlineData(8, 300)]
    [InlineData(8, 4000)] // beyond the first checkpoint
    public async Task Kill_DuringAStormOfCommits_EverythingAnsweredIsThereAndNothingIsTorn(int callers, int answersBeforeKill)
    {
        using TempFolder folder = TempFolder.OnDisk();
        using CrasherProcess storm = CrasherProcess.Start("storm", folder.Path, $"{callers}");
        List<string> answers = [];
        while (answers.Count < answersBeforeKill)
        {
            answers.Add((await storm.ReadLineAsync()).ShouldNotBeNull());
        }

        storm.Kill();
        answers.AddRange(await storm.ReadToEndAsync()); // answered, but not read yet
        await storm.WaitAsync();

        await using EmbeddedStore store = await EmbeddedStores.OpenAsync(folder.Path);
        StoreView view = await store.GetAsync("", CancellationToken.None);
        Dictionary<string, long> stored = view.Entries.ToDictionary(entry => entry.Key, entry => entry.ModRevision);
        foreach (string[] words in answers.Select(line => line.Split(' ')).Where(words => words.Length == 3 && words[0] == "answered"))
        {
            long revision = long.Parse(words[2], null);
            stored[$"/a/{words[1]}"].ShouldBe(revision);
            stored[$"/b/{words[1]}"].ShouldBe(revision);
        }

        // Each commit wrote two new keys: no half of one, no hole, nothing beyond the newest revision.
        stored.Values.GroupBy(revision => revision).ShouldAllBe(keys => keys.Count() == 2);
        stored.Values.Distinct().Order().ShouldBe(Enumerable.Range(1, (int)view.Revision).Select(revision => (long)revision));
    }

    [Fact]
    public async Task Kill_Then_TheFolderIsFreeAtOnce()
    {
        using TempFolder folder = TempFolder.OnDisk();
        using CrasherProcess holder = CrasherProcess.Start("hold", folder.Path);
        (await holder.ReadLineAsync()).ShouldBe($"holding {holder.Id}");
        holder.Kill();
        await holder.WaitAsync();

        await using EmbeddedStore store = await EmbeddedStores.OpenAsync(folder.Path);
        (await store.PutAsync(("/a", "1"))).Revision.ShouldBe(1);
    }
}
