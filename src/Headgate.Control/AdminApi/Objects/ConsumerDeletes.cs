using Headgate.Control.AdminApi.References;
using Headgate.Control.Groups;
using Headgate.Control.Revisions;
using Headgate.Store;

namespace Headgate.Control.AdminApi.Objects;

/// <summary>
/// DELETE of a consumer: its credentials go in the same transaction, which holds only when none was written since they were read. A consumer with more credentials
/// than a transaction has operations loses most of them in transactions before.
/// </summary>
internal sealed class ConsumerDeletes(IConfigStore store, ObjectIndex index, WorkspaceRules rules, KeyLocks locks, Conflicts conflicts)
{
    public async ValueTask<AdminResponse> DeleteAsync(ObjectPath path, AdminRequest request)
    {
        string key = path.Key;
        string below = key + "/credentials/";
        using KeyLocks.Turn turn = await locks.EnterAsync(key, request.Aborted);
        for (int attempt = 0; attempt < ObjectCommits.AttemptsMax;)
        {
            if (await store.FindAsync(key, request.Aborted) is not { } consumer)
                return AdminResponse.KeyNotFound();
            if (Preconditions.Failure(request, path, consumer.ModRevision) is { } failed)
                return await conflicts.AnswerAsync(failed, request, path, consumer.ModRevision);
            StoreView credentials = await store.GetAsync(below, request.Aborted);
            OwnerClaim claim = rules.Release(path);
            int most = store.OperationsMax - claim.Operations.Count;
            bool last = credentials.Entries.Count < most;
            List<string> keys = [.. credentials.Entries.Take(most).Select(entry => entry.Key)];
            if (last)
                keys.Insert(0, key);
            Commit commit = new()
            {
                Compares = [new Compare.UnchangedSince(key, consumer.ModRevision), new Compare.RangeNotWrittenSince(below, credentials.Revision), .. claim.Compares],
                Operations = [.. keys.Select(gone => new Operation.Delete(gone)), .. last ? claim.Operations : []],
                Origin = request.Origin,
            };
            CommitResult result = await store.CommitAsync(commit, CancellationToken.None);
            if (!result.Applied)
            {
                attempt++;
                await rules.RereadAsync(path, request.Aborted);
                continue;
            }

            foreach (string gone in keys)
                index.ApplyOwn(gone, result.Revision, null);
            if (last)
            {
                rules.Learn(claim, result.Revision);
                return ObjectDeletes.Deleted(key, result.Revision);
            }
        }

        return AdminResponse.Error(503, $"consumer [{path.Id}] was not deleted: it or its credentials are being written all the time; try again");
    }
}
