using Headgate.Control.Access;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.Groups;

/// <summary>
/// Deletes a gateway group: an empty one, or one whose name the client has typed. The record goes first, in a transaction that holds only while nothing was written into the group; from
/// then on no write of its objects passes, and they are deleted after it, piece by piece. What a crash leaves of them goes when a group of that id is made.
/// </summary>
internal sealed class GroupRemoval(GroupScopes scopes, InstanceTokens instanceTokens)
{
    private const int AttemptsMax = 16;

    /// <summary>The answer to a deletion of the group at <paramref name="entry"/>.</summary>
    public async ValueTask<AdminResponse> DeleteAsync(string id, string name, StoreEntry entry, AdminRequest request)
    {
        GroupScope scope = await scopes.OpenAsync(id, request.Aborted);
        string? typed = request.Query["confirm"];
        if (typed is not null && typed != name)
            return AdminResponse.Error(400, $"confirm is not the name of gateway group {id}");
        for (int attempt = 0; attempt < AttemptsMax; attempt++)
        {
            StoreView objects = await scope.Store.GetAsync(ResourceKinds.DefaultPrefix + "/", request.Aborted);
            if (objects.Entries.Count > 0 && typed is null)
                return Refused(id, objects.Entries);
            var commit = new Commit
            {
                Compares = [new Compare.UnchangedSince(entry.Key, entry.ModRevision), new Compare.RangeNotWrittenSince(ResourceKinds.DefaultPrefix + "/", objects.Revision)],
                Operations = [new Operation.Delete(entry.Key)],
                Origin = request.Origin,
            };
            CommitResult result = await scope.Store.CommitAsync(commit, CancellationToken.None);
            if (result is { Applied: false, FailedCompare: 0 })
                return AdminResponse.Error(409, $"gateway group {id} was changed meanwhile; look again");
            if (!result.Applied)
                continue;
            await PurgeAsync(id, request.Origin, CancellationToken.None);
            await scopes.CloseAsync(id);
            return ObjectDeletes.Deleted(entry.Key);
        }

        return AdminResponse.Error(503, $"gateway group {id} was not deleted: its objects are being written all the time; try again");
    }

    /// <summary>Deletes all that a group has, the tokens of its instances included, its record left out.</summary>
    public async Task PurgeAsync(string id, Origin origin, CancellationToken cancellationToken)
    {
        GroupScope scope = await scopes.OpenAsync(id, cancellationToken);
        foreach (string prefix in (string[])[ResourceKinds.DefaultPrefix + "/", RecordKeys.Tenancy(id)])
        {
            while ((await scope.Store.GetAsync(prefix, cancellationToken)).Entries is { Count: > 0 } left)
            {
                var commit = new Commit { Operations = [.. left.Take(scope.Store.OperationsMax).Select(static entry => new Operation.Delete(entry.Key))], Origin = origin };
                await scope.Store.CommitAsync(commit, CancellationToken.None);
            }
        }

        await instanceTokens.DeleteAllAsync(id, origin, cancellationToken);
    }

    private static AdminResponse Refused(string id, IReadOnlyList<StoreEntry> left)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (StoreEntry entry in left)
        {
            if (ResourceKinds.TryParseKey(entry.Key, out ResourceKind kind, out _))
                counts[kind.Plural()] = counts.GetValueOrDefault(kind.Plural()) + 1;
        }

        return AdminResponse.Object(409, (id, counts), static (writer, state) =>
        {
            writer.WriteString("error_msg", $"gateway group {state.id} is not empty: it has {string.Join(", ", state.counts.Select(static count => $"{count.Value} {count.Key}"))}; delete them, or say confirm=NAME");
            writer.WriteStartObject("objects");
            foreach ((string kind, int count) in state.counts)
                writer.WriteNumber(kind, count);
            writer.WriteEndObject();
        });
    }
}
