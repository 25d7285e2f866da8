using Headgate.Differential.Cases;
using Headgate.Differential.Comparison;

namespace Headgate.Differential;

/// <summary>Runs the corpus and compares with, or writes, what its files say.</summary>
internal static class CorpusRun
{
    /// <summary>How long a server may be silent before it counts as waiting.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);

    /// <summary>How long before silence makes a verdict other than the recorded one: on a busy machine a server may be silent for a while that does not wait.</summary>
    private static readonly TimeSpan LongQuiet = TimeSpan.FromSeconds(15);

    /// <summary>All cases; 0 when every verdict is the recorded one, or was written.</summary>
    public static async Task<int> RunAsync(bool record)
    {
        FuzzCase[] corpus = FuzzCorpus.Load();
        await using Comparator comparator = await Comparator.StartAsync();
        string[] wrong = await JudgeAsync(comparator, corpus, [.. comparator.Peers.Select(peer => peer.Name)], record);
        foreach (string line in wrong)
            Console.WriteLine(line);
        foreach (var peer in comparator.Peers)
        {
            foreach ((string what, byte[] bytes) in peer.Origin?.Violations ?? [])
                Console.WriteLine($"{peer.Name} forwards {what}:\n{EscapedText.Print(bytes)}");
        }

        Console.WriteLine($"{corpus.Length} cases, {wrong.Length} verdicts {(record ? "written anew" : "other than recorded")}");
        return wrong.Length == 0 || record ? 0 : 1;
    }

    /// <summary>What each server makes of one file.</summary>
    public static async Task<int> ShowAsync(string file)
    {
        var row = FuzzCase.Load(Path.GetDirectoryName(Path.GetFullPath(file))!, file);
        await using Comparator comparator = await Comparator.StartAsync();
        Observation[] seen = await comparator.ObserveAsync(row.Sent, Quiet);
        for (int i = 0; i < seen.Length; i++)
            Console.WriteLine($"{comparator.Peers[i].Name}: {seen[i].Text}  {string.Join(' ', seen[i].Steps.Select(step => step.Reason)).Trim()}");
        return 0;
    }

    /// <summary>The verdicts of <paramref name="servers"/> that are not the recorded ones, a line each.</summary>
    public static async Task<string[]> JudgeAsync(Comparator comparator, FuzzCase[] corpus, string[] servers, bool record = false)
    {
        List<string> wrong = [];
        await Parallel.ForEachAsync(corpus, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (row, _) =>
        {
            Observation[] seen = await comparator.ObserveAsync(row.Sent, Quiet);
            if (seen.Where((verdict, i) => verdict.RestsOnSilence && verdict.Text != row.Verdicts.GetValueOrDefault(comparator.Peers[i].Name)).Any())
                seen = await comparator.ObserveAsync(row.Sent, LongQuiet);
            bool changed = false;
            for (int i = 0; i < seen.Length; i++)
            {
                string name = comparator.Peers[i].Name;
                string recorded = row.Verdicts.GetValueOrDefault(name, "(nothing)");
                if (!servers.Contains(name) || seen[i].Text == recorded)
                    continue;
                lock (wrong)
                    wrong.Add($"{row.Name}: {name} gives [{seen[i].Text}], recorded is [{recorded}]");
                row.Verdicts[name] = seen[i].Text;
                changed = true;
            }

            if (changed && record)
                row.Save(FuzzCorpus.Folder);
        });
        return [.. wrong.Order(StringComparer.Ordinal)];
    }
}
