using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Store;

namespace Headgate.Proxy.Configuration;

/// <summary>
/// What of which key was given to the compiler, so that a full re-read passes on only what differs. Known by a digest of its bytes, not by its revision: a source that comes back
/// may count anew, or be another one than what stood in for it at the start. Keys of kinds that this gateway does not serve are held, and not passed on. Used by one thread.
/// </summary>
internal sealed class HeldKeys
{
    private readonly ConfigDigest _held = new();

    /// <summary>Digest of all that is held.</summary>
    public string Digest => _held.Text;

    /// <summary>The changes from what is held to <paramref name="entries"/>, which are everything there is.</summary>
    public List<ConfigChange> Replace(IReadOnlyList<StoreEntry> entries)
    {
        var changes = new List<ConfigChange>();
        var gone = new HashSet<string>(_held.Keys, StringComparer.Ordinal);
        foreach (StoreEntry entry in entries)
        {
            gone.Remove(entry.Key);
            if (_held.Set(entry))
                Add(changes, entry.Key, entry.Value);
        }

        foreach (string key in gone)
        {
            _held.Remove(key);
            Add(changes, key, null);
        }

        return changes;
    }

    /// <summary>The changes of one revision.</summary>
    public List<ConfigChange> Update(StoreRevision revision)
    {
        _held.Apply(revision);
        var changes = new List<ConfigChange>(revision.Changes.Count);
        foreach (StoreChange change in revision.Changes)
            Add(changes, change.Key, change.Entry?.Value);
        return changes;
    }

    private static void Add(List<ConfigChange> changes, string key, ReadOnlyMemory<byte>? value)
    {
        if (ResourceKinds.TryParseServedKey(key, out ResourceKind kind, out string id))
            changes.Add(new ConfigChange(kind, id, value));
    }
}
