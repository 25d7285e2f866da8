using System.Globalization;
using Headgate.Differential.Cases;
using Headgate.Differential.Comparison;

namespace Headgate.Differential;

/// <summary>Corpus and mutations; prints every kind of difference, those first that FINDINGS.md does not explain.</summary>
internal static class StormRun
{
    private const int Workers = 24;

    /// <summary>0 when everything found is explained.</summary>
    public static async Task<int> RunAsync(TimeSpan duration, int seed)
    {
        Console.WriteLine($"HEADGATE_SEED={seed}, {Workers} at a time, {duration.TotalSeconds} s");
        await using Comparator comparator = await Comparator.StartAsync();
        var storm = new Storm(comparator, FuzzCorpus.Load(), seed, Workers);
        await storm.RunAsync(duration);
        Console.WriteLine($"{storm.Inputs} inputs, {storm.Findings.Count} kinds of difference; making their inputs smaller");

        string explained = await File.ReadAllTextAsync(Path.Combine(FuzzCorpus.Folder, "..", "FINDINGS.md"));
        int unexplained = 0;
        foreach ((Finding finding, Observation[] seen) in await storm.MinimizeAsync())
        {
            bool isNew = !explained.Contains($"`{finding.Signature}`", StringComparison.Ordinal);
            unexplained += isNew ? 1 : 0;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{(isNew ? "NEW" : "known")} `{finding.Signature}` x {finding.Count} ({finding.Source})"));
            for (int i = 0; i < seen.Length; i++)
                Console.WriteLine($"  {comparator.Peers[i].Name}: {seen[i].Text}");
            Console.WriteLine(EscapedText.Print(finding.Input));
        }

        int violations = comparator.Peers[0].Origin!.Violations.Count;
        foreach (var peer in comparator.Peers)
        {
            foreach (var kind in (peer.Origin?.Violations ?? []).GroupBy(violation => violation.What))
                Console.WriteLine($"\n{peer.Name} forwards {kind.Key} x {kind.Count()}:\n{EscapedText.Print(kind.First().Bytes)}");
        }

        Console.WriteLine($"\n{storm.Inputs} inputs, {storm.Findings.Count} kinds of difference, {unexplained} of them not in FINDINGS.md, {violations} unsound requests sent on by headgate");
        return unexplained + violations == 0 ? 0 : 1;
    }
}
