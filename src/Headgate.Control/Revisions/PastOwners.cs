using Headgate.Control.Groups;
using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.Revisions;

/// <summary>
/// Which workspace an object belonged to when it was changed: its history is that workspace's to see, also once the object is gone or its id is another workspace's. Read from the history
/// of the records of ownership, which are written in the same transactions.
/// </summary>
internal sealed class PastOwners(Tenancy tenancy, WorkspaceRules rules, ObjectHistory history)
{
    /// <summary>Whether a workspace may see the object as it was after <paramref name="revision"/>.</summary>
    public async ValueTask<bool> SeesAsync(string workspace, string key, long revision, CancellationToken cancellationToken)
    {
        if (!ResourceKinds.TryParseKey(key, out ResourceKind kind, out _) || !WorkspaceRules.IsOwned(kind))
            return workspace == WorkspaceConfig.DefaultId;
        if (workspace == WorkspaceConfig.DefaultId && tenancy.Workspaces().Count == 0)
            return true; // as for everybody who never made one: nothing is asked of the store
        string ownerKey = RecordKeys.Owner(tenancy.Group, WorkspaceRules.OwnedKey(kind, key));
        PastObject owner = await history.AtAsync(ownerKey, revision, cancellationToken);
        if (!owner.IsKnown)
            return rules.Sees(workspace, kind, key);
        string? past = owner.Value is { } value ? Tenancy.WorkspaceOf(new StoreEntry(ownerKey, value, 0, 0)) : null;
        return (past ?? WorkspaceConfig.DefaultId) == workspace;
    }

    /// <summary>Whether a workspace may see a change. The record of ownership goes with its object, so a deletion is the workspace's that owned it before.</summary>
    public ValueTask<bool> SeesAsync(string workspace, HistoryRecord record, CancellationToken cancellationToken) =>
        SeesAsync(workspace, record.Key, record.After is null ? record.Revision - 1 : record.Revision, cancellationToken);
}
