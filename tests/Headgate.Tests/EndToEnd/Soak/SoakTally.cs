using System.Collections.Concurrent;
using System.Globalization;

namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>Counts what happened, and judges every request that failed. Used by all threads.</summary>
internal sealed class SoakTally(DeathLedger ledger)
{
    private const int FailuresKept = 40;

    private readonly ConcurrentDictionary<string, long> _counts = new();
    private readonly ConcurrentQueue<string> _failures = new();

    /// <summary>The first failures that nothing excuses, one line each.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Requests that failed because their node died under them and nobody may send them again.</summary>
    public long LostWithTheirNode => Count("excused: node died under a request that may not be repeated");

    /// <summary>Answers that their node broke off by dying.</summary>
    public long BrokenWithTheirNode => Count("excused: node died in the middle of its answer");

    /// <summary>All counts, a line each.</summary>
    public string Report => string.Join('\n', _counts.OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value,14:N0}  {pair.Key}")));

    public long Count(string what) => _counts.GetValueOrDefault(what);

    public void Add(string what, long count = 1) => _counts.AddOrUpdate(what, count, (_, before) => before + count);

    /// <summary>Something that must not be.</summary>
    public void Fail(string what)
    {
        Add("FAILED");
        if (_failures.Count < FailuresKept)
            _failures.Enqueue(what);
    }

    /// <summary>
    /// Judges how <paramref name="request"/> ended. A failure is excused only when a node died: in the middle of this very answer, or while the request was under way and
    /// it may not be sent to another node.
    /// </summary>
    public async Task JudgeAsync(string flow, SoakRequest request, AnswerEnd end)
    {
        Add($"requests: {flow}");
        if (end.Kind == AnswerKind.Right)
        {
            Add("bytes of bodies compared", request.Method == "HEAD" ? 0 : request.Expected.Length);
            return;
        }

        if (end.Kind != AnswerKind.Wrong)
        {
            if (!request.MayRepeat && ledger.HasDeathSince(request.Begin))
            {
                Add("excused: node died under a request that may not be repeated");
                return;
            }

            if (end.Kind == AnswerKind.Broken && await ledger.WasBrokenAsync(request.Id))
            {
                Add("excused: node died in the middle of its answer");
                return;
            }
        }

        Fail($"{flow}: {request.Method} {request.Path}: {end.Kind}: {end.Detail}");
    }
}
