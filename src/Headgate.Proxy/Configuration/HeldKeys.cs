using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Store;

namespace Headgate.Proxy.Configuration;

/// <summary>
/// Which version of which key was given to the compiler, so that a full re-read passes on only what differs. Keys of kinds that this gateway does not serve are
/// passed over. Used by one thread.
/// </summary>
internal sealed class HeldKeys
{
    private Dictionary<string, long> _modRevisions = new(StringComparer.Ordinal);

    /// <summary>The changes from what is held to <paramref name="entries"/>, which are everything there is.</summary>
    public List<ConfigChange> Replace(IReadOnlyList<StoreEntry> entries)
    {
        var changes = new List<ConfigChange>();
        var next = new Dictionary<string, long>(entries.Count, StringComparer.Ordinal);
        foreach (StoreEntry entry in entries)
        {
            if (!ResourceKinds.TryParseServedKey(entry.Key, out ResourceKind kind, out string id))
                continue;
            next.Add(entry.Key, entry.ModRevision);
            if (!_modRevisions.Remove(entry.Key, out long held) || held != entry.ModRevision)
                changes.Add(new ConfigChange(kind, id, entry.Value));
        }

        foreach (string gone in _modRevisions.Keys)
        {
            if (ResourceKinds.TryParseServedKey(gone, out ResourceKind kind, out string id))
                changes.Add(new ConfigChange(kind, id, null));
        }

        _modRevisions = next;
        return changes;
    }

    /// <summary>The changes of one revision.</summary>
    public List<ConfigChange> Update(IReadOnlyList<StoreChange> changed)
    {
        var changes = new List<ConfigChange>(changed.Count);
        foreach (StoreChange change in changed)
        {
            if (!ResourceKinds.TryParseServedKey(change.Key, out ResourceKind kind, out string id))
                continue;
            if (change.Entry is { } entry)
                _modRevisions[change.Key] = entry.ModRevision;
            else
                _modRevisions.Remove(change.Key);
            changes.Add(new ConfigChange(kind, id, change.Entry?.Value));
        }

        return changes;
    }
}
