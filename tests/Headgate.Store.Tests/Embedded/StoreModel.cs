using System.Globalization;
using System.Text;

namespace Headgate.Store.Tests.Embedded;

/// <summary>What a store should do, written as plainly as possible.</summary>
internal sealed class StoreModel
{
    private readonly SortedDictionary<string, (string Value, long Create, long Mod)> _entries = new(StringComparer.Ordinal);
    private readonly List<(long Revision, string Why, List<(string Key, string? Before, string? After, long Create)> Changes)> _log = [];

    public long Revision => _log.Count;

    /// <summary>A random commit, still without the revisions of the moment. Compare kinds above 4 mean none.</summary>
    internal sealed record Step(int CompareKind, string CompareKey, string Prefix, int Age, string[] Keys, bool[] Deletes, int Value);

    public Commit ToCommit(Step step)
    {
        long mod = _entries.TryGetValue(step.CompareKey, out var entry) ? entry.Mod : 0;
        long past = Math.Max(0, Revision - step.Age);
        Compare[] compares = step.CompareKind switch
        {
            0 => [new Compare.Exists(step.CompareKey)],
            1 => [new Compare.Missing(step.CompareKey)],
            2 => [new Compare.UnchangedSince(step.CompareKey, step.Age == 0 ? mod - 1 : mod)],
            3 => [new Compare.RangeNotWrittenSince(step.Prefix, past)],
            4 => [new Compare.RangeNotWrittenSince(step.Prefix, Revision), new Compare.Exists(step.CompareKey)],
            _ => [],
        };
        return new Commit
        {
            Compares = compares,
            Operations = [.. step.Keys.Select((key, i) =>
                step.Deletes[i] ? (Operation)new Operation.Delete(key) : new Operation.Put(key, Encoding.UTF8.GetBytes($"{step.Value}.{i}")))],
            Origin = new Origin("model", "local", string.Create(CultureInfo.InvariantCulture, $"step {step.Value}")),
        };
    }

    public CommitResult Apply(Commit commit)
    {
        for (int i = 0; i < commit.Compares.Count; i++)
        {
            if (!Holds(commit.Compares[i]))
            {
                return new CommitResult(false, Revision, i);
            }
        }

        long revision = Revision + 1;
        List<(string Key, string? Before, string? After, long Create)> changes = [];
        foreach (Operation operation in commit.Operations)
        {
            bool exists = _entries.TryGetValue(operation.Key, out var before);
            if (operation is Operation.Put put)
            {
                string value = Encoding.UTF8.GetString(put.Value.Span);
                long create = exists ? before.Create : revision;
                _entries[put.Key] = (value, create, revision);
                changes.Add((put.Key, exists ? before.Value : null, value, create));
            }
            else if (exists)
            {
                _entries.Remove(operation.Key);
                changes.Add((operation.Key, before.Value, null, before.Create));
            }
        }

        if (changes.Count > 0)
        {
            _log.Add((revision, commit.Origin.Why, changes));
        }

        return new CommitResult(true, Revision, -1);
    }

    public List<string> Read(string prefix) =>
        [.. _entries.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(entry => Show(entry.Key, entry.Value.Value, entry.Value.Create, entry.Value.Mod))];

    public List<string> Watch(string prefix) =>
        [.. _log
            .Select(revision => (revision.Revision, Changes: revision.Changes.Where(change => change.Key.StartsWith(prefix, StringComparison.Ordinal)).ToList()))
            .Where(revision => revision.Changes.Count > 0)
            .Select(revision => $"{revision.Revision}: " + string.Join(' ', revision.Changes.Select(
                change => change.After is null ? $"{change.Key} deleted" : Show(change.Key, change.After, change.Create, revision.Revision))))];

    public List<string> History(string key) =>
        [.. _log.AsEnumerable().Reverse().SelectMany(revision => revision.Changes.Where(change => change.Key == key)
            .Select(change => $"{revision.Revision} {change.Before ?? "none"} > {change.After ?? "none"} {revision.Why}"))];

    private bool Holds(Compare compare) => compare switch
    {
        Compare.Exists exists => _entries.ContainsKey(exists.Key),
        Compare.Missing missing => !_entries.ContainsKey(missing.Key),
        Compare.UnchangedSince unchanged => _entries.TryGetValue(unchanged.Key, out var entry) && entry.Mod == unchanged.ModRevision,
        Compare.RangeNotWrittenSince range => !_entries.Any(
            entry => entry.Key.StartsWith(range.Prefix, StringComparison.Ordinal) && entry.Value.Mod > range.Revision),
        _ => throw new ArgumentException(compare.ToString(), nameof(compare)),
    };

    private static string Show(string key, string value, long create, long mod) =>
        string.Create(CultureInfo.InvariantCulture, $"{key}={value}@{create}/{mod}");
}
