using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Headgate.Differential.Cases;
using Headgate.Differential.Mutation;

namespace Headgate.Differential.Comparison;

/// <summary>Corpus, then mutations of it, until the time is up; every kind of difference once.</summary>
internal sealed class Storm(Comparator comparator, FuzzCase[] corpus, int seed, int workers)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(60);

    /// <summary>A new kind is looked at again with more patience: on a busy machine silence may only mean that a server had no turn.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    private readonly ConcurrentDictionary<string, Finding> _findings = new();
    private readonly Mutator _mutator = new(FuzzCorpus.Seeds(corpus), Tokens.Request);
    private long _inputs;

    /// <summary>Inputs sent so far, to each server.</summary>
    public long Inputs => Volatile.Read(ref _inputs);

    /// <summary>What was found.</summary>
    public IReadOnlyCollection<Finding> Findings => [.. _findings.Values];

    /// <summary>Runs for <paramref name="duration"/>, behind the corpus, which always runs whole.</summary>
    public async Task RunAsync(TimeSpan duration)
    {
        await Parallel.ForEachAsync(corpus, new ParallelOptions { MaxDegreeOfParallelism = workers }, async (row, _) => await LookAsync(row.Sent, row.Name));
        long begin = Stopwatch.GetTimestamp();
        long number = 0;
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(begin) < duration)
            {
                long mine = Interlocked.Increment(ref number);
                var random = new Random(HashCode.Combine(seed, mine));
                byte[] input = _mutator.Next(random);

                // Without the sound request behind it, an input that was cut is only waited for.
                bool alone = random.Next(16) == 0;
                await LookAsync(alone ? input : [.. input, .. FuzzCase.Follow], string.Create(CultureInfo.InvariantCulture, $"seed {seed} number {mine}"));
            }
        })));
    }

    /// <summary>Makes the input of each finding smaller; returns what all servers make of it.</summary>
    public async Task<List<(Finding Finding, Observation[] Seen)>> MinimizeAsync()
    {
        List<(Finding, Observation[])> small = [];
        foreach (Finding finding in _findings.Values.OrderBy(finding => finding.Signature, StringComparer.Ordinal))
        {
            byte[] input = await Minimizer.RunAsync(finding.Input, async bytes => (await comparator.CompareAsync(bytes, Quiet)).Contains(finding.Signature));
            small.Add((finding with { Input = input }, await comparator.ObserveAsync(input, Patience)));
        }

        return small;
    }

    private async Task LookAsync(byte[] input, string source)
    {
        Interlocked.Increment(ref _inputs);
        string[] signatures = await comparator.CompareAsync(input, Quiet);
        string[] again = signatures.All(_findings.ContainsKey) ? signatures : await comparator.CompareAsync(input, Patience);
        foreach (string signature in signatures.Intersect(again))
        {
            if (!_findings.TryAdd(signature, new Finding(signature, input, source)))
                _findings[signature].Again();
        }
    }
}
