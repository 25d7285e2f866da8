using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.Groups;
using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.Overrides;

/// <summary>
/// PUT and DELETE of an override. Whether enough nodes remain is judged by the overrides as of a revision R, and holds in the transaction because no override of
/// the upstream was given after R: two operators cannot take the last two nodes out at once. Answered when it has taken effect on the instances that are connected.
/// </summary>
internal sealed class OverrideWrites(GroupScope group, OverrideFleet fleet, TimeProvider time)
{
    public async ValueTask<AdminResponse> PutAsync(OverrideTarget target, AdminRequest request)
    {
        if (request.Body is not { } body)
            return AdminResponse.Error(400, "missing configurations");
        var errors = new ConfigErrors();
        if (!ConfigParser.CheckIsObject(body, errors) || ConfigParser.ParseOverrideRequest(body, errors) is not { } wanted)
            return AdminResponse.Refused(errors.Errors);

        string directory = OverrideTarget.KeysOf(target.Owner);
        using KeyLocks.Turn turn = await group.Locks.EnterAsync(directory, request.Aborted);
        for (int attempt = 0; attempt < ObjectCommits.AttemptsMax; attempt++)
        {
            StoreView view = await group.Store.GetAsync(directory, request.Aborted);
            OverrideConfig[] stored = [.. view.Entries.Select(OverrideJson.Read).OfType<OverrideConfig>()];
            if (await fleet.RefusalAsync(target, wanted, group.Index.HighestRevision, stored, request.Aborted) is { } refusal)
                return refusal;
            OverrideConfig config = Config(target, wanted, request.Origin.Who);
            Commit commit = new()
            {
                Compares = [new Compare.RangeNotWrittenSince(directory, view.Revision)],
                Operations = [new Operation.Put(target.Key, OverrideJson.Stored(config))],
                Origin = request.Origin,
            };
            CommitResult result = await group.Store.CommitAsync(commit, CancellationToken.None);
            if (!result.Applied)
                continue;
            await fleet.WaitAsync(result.Revision, request.Aborted);
            bool isNew = view.Entries.All(entry => entry.Key != target.Key);
            return AdminResponse.Object(
                isNew ? 201 : 200, (config, acting: await fleet.ActingAsync(config, request.Aborted), now: time.GetUtcNow()),
                static (writer, state) => OverrideJson.WriteMembers(writer, state.config, state.acting, state.now), result.Revision);
        }

        return AdminResponse.Error(503, $"overrides of {target.Owner} are being written all the time; try again");
    }

    public async ValueTask<AdminResponse> DeleteAsync(OverrideTarget target, AdminRequest request)
    {
        Commit commit = new() { Compares = [new Compare.Exists(target.Key)], Operations = [new Operation.Delete(target.Key)], Origin = request.Origin };
        CommitResult result = await group.Store.CommitAsync(commit, CancellationToken.None);
        if (!result.Applied)
            return AdminResponse.KeyNotFound();
        await fleet.WaitAsync(result.Revision, request.Aborted);
        return ObjectDeletes.Deleted(target.Key, result.Revision);
    }

    private OverrideConfig Config(OverrideTarget target, OverrideRequest wanted, string who) => new()
    {
        Target = target,
        Kind = wanted.Kind,
        Deadline = wanted.Deadline,
        Note = wanted.Note,
        Who = who,
        Since = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()),
    };
}
