using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Headgate.Store.Embedded;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Store.Tests.Embedded;

/// <summary>Random commits against a dictionary: outcomes, revisions, what is read, what a watch saw and the history must be what the dictionary says.</summary>
public sealed class ModelTests
{
    private static readonly string[] KeyNames = ["/a/1", "/a/2", "/a/21", "/b/1", "/b/é", "/c"];
    private static readonly string[] Prefixes = ["", "/a/", "/a/2", "/b/", "/none"];

    [Fact]
    public void Commits_AtRandom_DoWhatTheModelDoes()
    {
        Gen<StoreModel.Step> step =
            from compare in Gen.Choose(0, 9)
            from compareKey in Gen.Choose(0, KeyNames.Length - 1)
            from prefix in Gen.Choose(0, Prefixes.Length - 1)
            from age in Gen.Choose(0, 4)
            from keys in Gen.SubListOf(Enumerable.Range(0, KeyNames.Length))
            from first in Gen.Choose(0, KeyNames.Length - 1)
            from deletes in Gen.ListOf(Gen.Choose(0, 2), KeyNames.Length)
            from value in Gen.Choose(0, 99)
            select new StoreModel.Step(compare, KeyNames[compareKey], Prefixes[prefix], age, [.. keys.Append(first).Distinct().Select(i => KeyNames[i])], [.. deletes.Select(d => d == 0)], value);

        Config config = Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay((ulong)TestSeed.Value, 1UL);
        Prop.ForAll(step.ListOf().ToArbitrary(), steps => RunAsync([.. steps]).GetAwaiter().GetResult()).Check(config);
    }

    private static async Task RunAsync(List<StoreModel.Step> steps)
    {
        using TempFolder folder = TempFolder.InMemory();
        StoreModel model = new();
        EmbeddedStore store = await EmbeddedStore.OpenAsync(folder.Path, new ManualTimeProvider(), NullLogger.Instance, CancellationToken.None);
        for (int i = 0; i < steps.Count; i++)
        {
            Commit commit = model.ToCommit(steps[i]);
            CommitResult expected = model.Apply(commit);
            (await store.CommitAsync(commit, CancellationToken.None)).ShouldBe(expected, $"step {i}: {steps[i]}");
            if (i % 7 == 6)
            {
                await store.DisposeAsync();
                store = await EmbeddedStore.OpenAsync(folder.Path, new ManualTimeProvider(), NullLogger.Instance, CancellationToken.None);
            }
        }

        await using (store)
        {
            foreach (string prefix in Prefixes)
            {
                StoreView view = await store.GetAsync(prefix, CancellationToken.None);
                view.Revision.ShouldBe(model.Revision);
                view.Entries.Select(Show).ShouldBe(model.Read(prefix), prefix);
                (await WatchAsync(store, prefix, model)).ShouldBe(model.Watch(prefix), prefix);
            }

            foreach (string key in KeyNames)
            {
                (await store.GetHistoryAsync(key, 1000, CancellationToken.None))
                    .Select(record => $"{record.Revision} {Show(record.Before)} > {Show(record.After)} {record.Origin.Why}").ShouldBe(model.History(key), key);
            }
        }
    }

    private static async Task<List<string>> WatchAsync(EmbeddedStore store, string prefix, StoreModel model)
    {
        List<string> seen = [];
        int count = model.Watch(prefix).Count;
        if (count == 0)
        {
            return seen;
        }

        await foreach (StoreRevision revision in store.WatchAsync(prefix, 0, CancellationToken.None))
        {
            seen.Add($"{revision.Revision}: " + string.Join(' ', revision.Changes.Select(change => change.Entry is { } entry ? Show(entry) : $"{change.Key} deleted")));
            if (seen.Count == count)
            {
                break;
            }
        }

        return seen;
    }

    private static string Show(StoreEntry entry) =>
        string.Create(CultureInfo.InvariantCulture, $"{entry.Key}={Show(entry.Value)}@{entry.CreateRevision}/{entry.ModRevision}");

    private static string Show(ReadOnlyMemory<byte>? value) => value is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : "none";
}
