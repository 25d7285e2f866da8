using System.Text.Json;
using Headgate.Control.AdminApi.References;
using Headgate.Control.Groups;
using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.AdminApi.Objects;

/// <summary>Commits one object with its compares, and tells the index.</summary>
internal sealed class ObjectCommits(IConfigStore store, ObjectIndex index, WorkspaceRules rules)
{
    /// <summary>How often a write that lost against another process is tried anew.</summary>
    public const int AttemptsMax = 16;

    /// <summary>The stored object; null when there is none.</summary>
    public ValueTask<StoreEntry?> ReadAsync(string key, CancellationToken cancellationToken) => store.FindAsync(key, cancellationToken);

    /// <summary>
    /// Writes <paramref name="value"/> when <paramref name="condition"/> and <paramref name="claim"/> hold and everything it names exists. <see cref="WriteOutcome.Conflict"/> when
    /// a condition failed; missing references are listed, all that are known of.
    /// </summary>
    public async ValueTask<WriteOutcome> PutAsync(Compare condition, OwnerClaim claim, string key, ReadOnlyMemory<byte> value, JsonElement parsed, TimeSpan? ttl, Origin origin)
    {
        IReadOnlyList<Reference> references = ReferenceReader.Read(key, parsed);
        List<Compare> compares = [condition, .. claim.Compares];
        int conditions = compares.Count;
        foreach (Reference reference in references)
        {
            // A service with its own id as upstream_id and the like: a key is compared once.
            if (!compares.Exists(compare => compare is Compare.Exists existing && existing.Key == reference.TargetKey))
                compares.Add(new Compare.Exists(reference.TargetKey));
        }

        // Not cancelled when the client goes away: what was begun is finished and the index hears of it.
        Commit commit = new() { Compares = compares, Operations = [new Operation.Put(key, value, ttl), .. claim.Operations], Origin = origin };
        CommitResult result = await store.CommitAsync(commit, CancellationToken.None);
        if (result.Applied)
        {
            rules.Learn(claim, result.Revision);
            index.ApplyOwn(key, result.Revision, IndexedObject.From(key, result.Revision, parsed, references));
            return new WriteOutcome(result.Revision, []);
        }

        if (result.FailedCompare < conditions)
            return WriteOutcome.Conflict;
        string missing = ((Compare.Exists)compares[result.FailedCompare]).Key;
        return new WriteOutcome(-1, [.. references.Where(reference => reference.TargetKey == missing || !index.TryGet(reference.TargetKey, out _))]);
    }

    /// <summary>References of <paramref name="value"/> that do not exist as far as the index knows: good for reporting, not for deciding.</summary>
    public IEnumerable<ConfigError> LikelyMissing(string key, JsonElement value) =>
        ReferenceReader.Read(key, value).Where(reference => !index.TryGet(reference.TargetKey, out _)).Select(Error);

    /// <summary>
    /// What <paramref name="value"/> has that another object has already. Decided by the index: exact for the writes of this process, which wait for one another
    /// (<see cref="LocksOf"/>); what another process wrote a moment ago may be missed, as in APISIX.
    /// </summary>
    public IEnumerable<ConfigError> Taken(string key, JsonElement value)
    {
        foreach (UniqueClaim claim in UniqueClaim.Read(key, value))
        {
            if (index.UsersOf(claim.Key).FirstOrDefault(holder => !UniqueClaim.Allows(key, holder)) is { } other)
                yield return new ConfigError(claim.Path, claim.Refusal(other));
        }
    }

    /// <summary>What a write of <paramref name="value"/> must hold beside the lock of its key, so that nobody else takes what it claims at the same time.</summary>
    public static IEnumerable<string> LocksOf(ResourceKind kind, string key, JsonElement value) =>
        kind == ResourceKind.GlobalRule ? [ResourceKind.GlobalRule.Plural()] : UniqueClaim.Read(key, value).Select(claim => claim.Key);

    public static ConfigError Error(Reference reference) => new(reference.Path, reference.Missing);
}

/// <summary>What became of a write.</summary>
/// <param name="Revision">The revision made; −1 when nothing was written.</param>
/// <param name="Missing">References that do not exist.</param>
internal readonly record struct WriteOutcome(long Revision, IReadOnlyList<Reference> Missing)
{
    /// <summary>Someone else wrote the object in between.</summary>
    public static WriteOutcome Conflict { get; } = new(-1, []);
}
