using System.Globalization;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Store;

namespace Headgate.Control.Overrides;

/// <summary>
/// PUT and DELETE of an override. Whether enough nodes remain is judged by the overrides as of a revision R, and holds in the transaction because no override of
/// the upstream was given after R: two operators cannot take the last two nodes out at once. Answered when it has taken effect in this process.
/// </summary>
internal sealed class OverrideWrites(IConfigStore store, ServedState gateway, KeyLocks locks, TimeProvider time)
{
    /// <summary>Nodes named in a text.</summary>
    private const int NamedMax = 20;

    public async ValueTask<AdminResponse> PutAsync(OverrideTarget target, AdminRequest request)
    {
        if (request.Body is not { } body)
            return AdminResponse.Error(400, "missing configurations");
        var errors = new ConfigErrors();
        if (!ConfigParser.CheckIsObject(body, errors) || ConfigParser.ParseOverrideRequest(body, errors) is not { } wanted)
            return AdminResponse.Refused(errors.Errors);

        string directory = OverrideTarget.KeysOf(target.Owner);
        using KeyLocks.Turn turn = await locks.EnterAsync(directory, request.Aborted);
        for (int attempt = 0; attempt < ObjectCommits.AttemptsMax; attempt++)
        {
            StoreView view = await store.GetAsync(directory, request.Aborted);
            await gateway.WaitAsync(view.Revision, request.Aborted);
            if (Refusal(target, wanted, view) is { } refusal)
                return refusal;
            OverrideConfig config = Config(target, wanted, request.Origin.Who);
            Commit commit = new()
            {
                Compares = [new Compare.RangeNotWrittenSince(directory, view.Revision)],
                Operations = [new Operation.Put(target.Key, OverrideJson.Stored(config))],
                Origin = request.Origin,
            };
            CommitResult result = await store.CommitAsync(commit, CancellationToken.None);
            if (!result.Applied)
                continue;
            await gateway.WaitAsync(result.Revision, request.Aborted);
            bool isNew = view.Entries.All(entry => entry.Key != target.Key);
            return AdminResponse.Object(
                isNew ? 201 : 200, (config, acting: gateway.Override(target), now: time.GetUtcNow()),
                static (writer, state) => OverrideJson.WriteMembers(writer, state.config, state.acting, state.now), result.Revision);
        }

        return AdminResponse.Error(503, $"overrides of {target.Owner} are being written all the time; try again");
    }

    public async ValueTask<AdminResponse> DeleteAsync(OverrideTarget target, AdminRequest request)
    {
        Commit commit = new() { Compares = [new Compare.Exists(target.Key)], Operations = [new Operation.Delete(target.Key)], Origin = request.Origin };
        CommitResult result = await store.CommitAsync(commit, CancellationToken.None);
        if (!result.Applied)
            return AdminResponse.KeyNotFound();
        await gateway.WaitAsync(result.Revision, request.Aborted);
        return AdminResponse.Object(200, target.Key, static (writer, deleted) =>
        {
            writer.WriteString("deleted", "1");
            writer.WriteString("key", deleted);
        });
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

    private AdminResponse? Refusal(OverrideTarget target, OverrideRequest wanted, StoreView stored)
    {
        if (gateway.Upstream(target.Owner) is not { } upstream)
        {
            return AdminResponse.Error(404, target.Owner.StartsWith("upstreams/", StringComparison.Ordinal)
                ? $"{target.Owner} is not served: it does not exist, or is refused (the log says why)" : $"{target.Owner} has no upstream of its own that is served");
        }

        if (!upstream.Nodes.Any(node => node.Config.Host == target.Host && node.Config.Port == target.Port))
            return AdminResponse.Error(404, $"{target.Owner} has no node {target.Address}; {Nodes(upstream)}");
        if (!wanted.Kind.Withdraws() || wanted.RemainingMin == 0)
            return null;
        Dictionary<OverrideTarget, OverrideKind> words = stored.Entries.Select(OverrideJson.Read).OfType<OverrideConfig>().ToDictionary(o => o.Target, o => o.Kind);
        if (words.TryGetValue(target, out OverrideKind present) && present.Withdraws())
            return null; // it is out already: nothing is taken away
        var count = RemainingNodes.Without(upstream, words, target);
        return count.Remaining >= wanted.RemainingMin ? null : TooFew(target, wanted, count);
    }

    private static AdminResponse TooFew(OverrideTarget target, OverrideRequest wanted, RemainingNodes count) =>
        AdminResponse.Object(409, (target, wanted, count), static (writer, state) =>
        {
            (OverrideTarget target, OverrideRequest wanted, RemainingNodes count) = state;
            writer.WriteString("error_msg", string.Create(
                CultureInfo.InvariantCulture,
                $"{wanted.Kind.Name()} of {target.Address} is refused: it would leave {target.Owner} with {count.Remaining} usable of {count.Nodes} nodes ({count.Usable} now), "
                + $"and min_remaining is {wanted.RemainingMin}; set force to do it all the same"));
            writer.WriteNumber("nodes", count.Nodes);
            writer.WriteNumber("usable", count.Usable);
            writer.WriteNumber("remaining", count.Remaining);
            writer.WriteNumber("min_remaining", wanted.RemainingMin);
        });

    private static string Nodes(UpstreamSnapshot upstream)
    {
        if (upstream.Nodes.Count == 0)
            return "it has none";
        IEnumerable<string> named = upstream.Nodes.Take(NamedMax).Select(node => string.Create(CultureInfo.InvariantCulture, $"{node.Config.Host}:{node.Config.Port}"));
        int more = upstream.Nodes.Count - NamedMax;
        return $"its nodes are {string.Join(", ", named)}{(more > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {more} more") : "")}";
    }
}
