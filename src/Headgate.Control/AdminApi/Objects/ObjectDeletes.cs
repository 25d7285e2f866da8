using Headgate.Control.AdminApi.References;
using Headgate.Core.Config;
using Headgate.Store;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.AdminApi.Objects;

/// <summary>
/// DELETE of one object. That nothing uses it is read from the index as of a revision R and holds in the transaction because no directory of possible
/// users was written after R. When one was, the index catches up and the deletion is tried again, from the third time on alone.
/// </summary>
internal sealed class ObjectDeletes(IConfigStore store, ObjectCommits commits, ObjectIndex index, KeyLocks locks, WriteGate gate, TimeProvider time, ILogger<ObjectDeletes> log)
{
    private const int AttemptsTogetherMax = 2;
    private static readonly TimeSpan CatchUpMax = TimeSpan.FromSeconds(5);

    /// <summary>Directories whose objects may name an upstream or a service, also those that only another program can have written yet.</summary>
    private static readonly string[] UserDirectories =
        ["routes", "services", "stream_routes", "plugin_configs", "consumers", "consumer_groups", "global_rules"];

    public async ValueTask<AdminResponse> DeleteAsync(ResourceKind kind, string? id, AdminRequest request)
    {
        if (id is null)
            return AdminResponse.Error(400, $"missing {kind.Singular()} id");
        if (!ObjectId.IsLegal(id))
            return AdminResponse.KeyNotFound();
        string key = kind.Key(id);
        using KeyLocks.Turn turn = await locks.EnterAsync(key, request.Aborted);
        for (int attempt = 0; attempt < ObjectCommits.AttemptsMax; attempt++)
        {
            // A route has no users; force does not ask for them.
            if (kind == ResourceKind.Route || request.Force)
            {
                if (await CommitAsync(kind, id, request, []) is { } forced)
                    return forced;
                continue;
            }

            using WriteGate.Pass pass = attempt < AttemptsTogetherMax ? default : await gate.EnterAloneAsync();
            if (!await CatchUpAsync(Math.Max(0, index.HighestRevision), request.Aborted))
                return AdminResponse.Error(503, "the Admin API has not read all of the store yet; try again");
            long revision = index.Revision;
            IReadOnlyList<string> users = index.UsersOf(key);
            if (users.Count > 0)
                return await commits.ReadAsync(key, request.Aborted) is null ? AdminResponse.KeyNotFound() : DeletionRefusal.Of(kind, key, users, index);
            if (await CommitAsync(kind, id, request, [.. UserDirectories.Select(directory => Unwritten(directory, revision))]) is { } answer)
                return answer;
            await CatchUpAsync(revision + 1, request.Aborted);
        }

        return AdminResponse.Error(503, $"{kind.Singular()} [{id}] was not deleted: what may use it is being written all the time; try again");
    }

    private static Compare.RangeNotWrittenSince Unwritten(string directory, long revision) =>
        new($"{ResourceKinds.DefaultPrefix}/{directory}/", revision);

    private ValueTask<bool> CatchUpAsync(long revision, CancellationToken aborted) => index.WaitForAsync(revision, CatchUpMax, time, aborted);

    /// <summary>Null when a condition did not hold that may hold the next time.</summary>
    private async ValueTask<AdminResponse?> CommitAsync(ResourceKind kind, string id, AdminRequest request, IReadOnlyList<Compare> unused)
    {
        string key = kind.Key(id);
        Compare condition = new Compare.Exists(key);
        if (request.IfMatch.Count > 0)
        {
            if (await commits.ReadAsync(key, request.Aborted) is not { } entry)
                return AdminResponse.KeyNotFound();
            if (Preconditions.Check(request, kind, id, entry.ModRevision) is { } failed)
                return failed;
            condition = new Compare.UnchangedSince(key, entry.ModRevision);
        }

        Commit commit = new() { Compares = [condition, .. unused], Operations = [new Operation.Delete(key)], Origin = request.Origin };
        CommitResult result = await store.CommitAsync(commit, CancellationToken.None);
        if (!result.Applied)
            return result.FailedCompare == 0 && condition is Compare.Exists ? AdminResponse.KeyNotFound() : null;
        index.ApplyOwn(key, result.Revision, null);
        if (request.Force && index.UsersOf(key).Count > 0)
            AdminApiLog.DeletedInUse(log, key);
        return AdminResponse.Object(200, key, static (writer, deleted) =>
        {
            writer.WriteString("deleted", "1");
            writer.WriteString("key", deleted);
        });
    }
}
