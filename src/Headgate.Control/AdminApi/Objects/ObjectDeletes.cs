using Headgate.Control.AdminApi.References;
using Headgate.Control.Groups;
using Headgate.Control.Revisions;
using Headgate.Control.Revisions.Preview;
using Headgate.Core.Config;
using Headgate.Store;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.AdminApi.Objects;

/// <summary>
/// DELETE of one object. That nothing uses it is read from the index as of a revision R and holds in the transaction because no directory of possible
/// users was written after R. When one was, the index catches up and the deletion is tried again, from the third time on alone.
/// </summary>
internal sealed class ObjectDeletes(
    IConfigStore store, ObjectCommits commits, ConsumerDeletes consumers, WorkspaceRules rules, ObjectIndex index, KeyLocks locks, WriteGate gate, Conflicts conflicts, Previews previews,
    TimeProvider time, ILogger<ObjectDeletes> log)
{
    private const int AttemptsTogetherMax = 2;
    private static readonly TimeSpan CatchUpMax = TimeSpan.FromSeconds(5);

    public async ValueTask<AdminResponse> DeleteAsync(ObjectPath path, AdminRequest request)
    {
        if (path.Id is null)
            return AdminResponse.Error(400, $"missing {path.Kind.Singular()} id");
        if (!path.IsLegal || !rules.Sees(request.Workspace, path.Kind, path.Key))
            return AdminResponse.KeyNotFound();
        if (request.IsDryRun)
        {
            return await previews.OfDeleteAsync(path, request, async revision =>
                Preconditions.Failure(request, path, revision) is { } failed ? await conflicts.AnswerAsync(failed, request, path, revision) : null);
        }

        if (path.Kind == ResourceKind.Consumer)
            return await consumers.DeleteAsync(path, request);
        string key = path.Key;
        IReadOnlyList<string> directories = path.Kind.UserDirectories();
        using KeyLocks.Turn turn = await locks.EnterAsync(key, request.Aborted);
        for (int attempt = 0; attempt < ObjectCommits.AttemptsMax; attempt++)
        {
            // A route has no users; force does not ask for them.
            if (directories.Count == 0 || request.Force)
            {
                if (await CommitAsync(path, request, []) is { } forced)
                    return forced;
                continue;
            }

            using WriteGate.Pass pass = attempt < AttemptsTogetherMax ? default : await gate.EnterAloneAsync();
            if (!await CatchUpAsync(Math.Max(0, index.HighestRevision), request.Aborted))
                return ObjectWrites.NotRead;
            long revision = index.Revision;
            IReadOnlyList<string> users = index.UsersOf(key);
            if (users.Count > 0)
                return await commits.ReadAsync(key, request.Aborted) is null ? AdminResponse.KeyNotFound() : DeletionRefusal.Of(path.Kind, key, users, index);
            if (await CommitAsync(path, request, [.. directories.Select(directory => Unwritten(directory, revision))]) is { } answer)
                return answer;
            await CatchUpAsync(revision + 1, request.Aborted);
        }

        return AdminResponse.Error(503, $"{path.Kind.Singular()} [{path.FullId}] was not deleted: what may use it is being written all the time; try again");
    }

    /// <summary>The answer about what was deleted. <paramref name="revision"/>: which did it, of what instances run.</summary>
    public static AdminResponse Deleted(string key, long? revision = null) => AdminResponse.Object(200, key, static (writer, deleted) =>
    {
        writer.WriteString("deleted", "1");
        writer.WriteString("key", deleted);
    }, written: revision);

    private static Compare.RangeNotWrittenSince Unwritten(string directory, long revision) =>
        new($"{ResourceKinds.DefaultPrefix}/{directory}/", revision);

    private ValueTask<bool> CatchUpAsync(long revision, CancellationToken aborted) => index.WaitForAsync(revision, CatchUpMax, time, aborted);

    /// <summary>Null when a condition did not hold that may hold the next time.</summary>
    private async ValueTask<AdminResponse?> CommitAsync(ObjectPath path, AdminRequest request, IReadOnlyList<Compare> unused)
    {
        string key = path.Key;
        Compare condition = new Compare.Exists(key);
        if (request.IfMatch.Count > 0)
        {
            if (await commits.ReadAsync(key, request.Aborted) is not { } entry)
                return AdminResponse.KeyNotFound();
            if (Preconditions.Failure(request, path, entry.ModRevision) is { } failed)
                return await conflicts.AnswerAsync(failed, request, path, entry.ModRevision);
            condition = new Compare.UnchangedSince(key, entry.ModRevision);
        }

        OwnerClaim claim = rules.Release(path);
        Commit commit = new() { Compares = [condition, .. claim.Compares, .. unused], Operations = [new Operation.Delete(key), .. claim.Operations], Origin = request.Origin };
        CommitResult result = await store.CommitAsync(commit, CancellationToken.None);
        if (!result.Applied)
        {
            await rules.RereadAsync(path, request.Aborted);
            return (result.FailedCompare == 0 && condition is Compare.Exists) || !rules.Sees(request.Workspace, path.Kind, key) ? AdminResponse.KeyNotFound() : null;
        }

        rules.Learn(claim, result.Revision);
        index.ApplyOwn(key, result.Revision, null);
        if (request.Force && index.UsersOf(key).Count > 0)
            AdminApiLog.DeletedInUse(log, key);
        return Deleted(key, result.Revision);
    }
}
