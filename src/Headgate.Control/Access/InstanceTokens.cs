using System.Text.Json;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.Groups;
using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.Access;

/// <summary>The instance tokens in the store. They are read at every question: one that was deleted is good for nothing from then on, on every control plane.</summary>
internal sealed class InstanceTokens(IConfigStore store, TimeProvider time)
{
    /// <summary>The token that an instance has sent; null when it is unknown, wrong or expired, or its gateway group is gone. How wrong it was cannot be told from the time taken.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public async ValueTask<InstanceToken?> FindAsync(string sent, CancellationToken cancellationToken)
    {
        if (!TokenSecret.TrySplit(InstanceToken.Lead, sent, out string id, out string secret) || await store.FindAsync(AccessKeys.InstanceToken(id), cancellationToken) is not { } entry
            || InstanceToken.Read(entry.Value) is not { } token || !TokenSecret.Matches(secret, token.Hash) || token.ExpireTime <= time.GetUtcNow().ToUnixTimeSeconds())
        {
            return null;
        }

        // A deletion of the group that was broken off may have left it.
        return token.Group == GatewayGroupConfig.DefaultId || await store.FindAsync(RecordKeys.Group(token.Group), cancellationToken) is not null ? token : null;
    }

    /// <summary>Those of a gateway group, in the order of their ids.</summary>
    public async ValueTask<IReadOnlyList<InstanceToken>> OfGroupAsync(string group, CancellationToken cancellationToken)
    {
        StoreView view = await store.GetAsync(AccessKeys.InstanceTokens, cancellationToken);
        return [.. view.Entries.Select(static entry => InstanceToken.Read(entry.Value)).OfType<InstanceToken>().Where(token => token.Group == group)];
    }

    /// <summary>Stores a new one; false when its group was deleted meanwhile.</summary>
    public async ValueTask<bool> AddAsync(InstanceToken token, Origin origin)
    {
        string key = AccessKeys.InstanceToken(token.Id);
        List<Compare> compares = [new Compare.Missing(key)];
        if (token.Group != GatewayGroupConfig.DefaultId)
            compares.Add(new Compare.Exists(RecordKeys.Group(token.Group)));
        TimeSpan? left = token.ExpireTime is { } end ? TimeSpan.FromSeconds(end - token.CreateTime) : null;
        var commit = new Commit { Compares = compares, Operations = [new Operation.Put(key, JsonSerializer.SerializeToUtf8Bytes(token), left)], Origin = origin };
        return (await store.CommitAsync(commit, CancellationToken.None)).Applied;
    }

    /// <summary>Deletes one of a group; false when there is none of that id.</summary>
    public async ValueTask<bool> DeleteAsync(string group, string id, Origin origin, CancellationToken cancellationToken)
    {
        string key = AccessKeys.InstanceToken(id);
        if (!ObjectId.IsLegal(id) || await store.FindAsync(key, cancellationToken) is not { } entry || InstanceToken.Read(entry.Value)?.Group != group)
            return false;
        await store.CommitAsync(new Commit { Operations = [new Operation.Delete(key)], Origin = origin }, CancellationToken.None);
        return true;
    }

    /// <summary>Deletes all of a group.</summary>
    public async ValueTask DeleteAllAsync(string group, Origin origin, CancellationToken cancellationToken)
    {
        foreach (InstanceToken[] some in (await OfGroupAsync(group, cancellationToken)).Chunk(store.OperationsMax))
            await store.CommitAsync(new Commit { Operations = [.. some.Select(static token => new Operation.Delete(AccessKeys.InstanceToken(token.Id)))], Origin = origin }, CancellationToken.None);
    }
}
