using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Store;

namespace Headgate.Proxy.Configuration;

/// <summary>
/// What of which key was given to the compiler, so that a full re-read passes on only what differs. Known by a digest of its bytes, not by its revision: a source that comes back
/// may count anew, or be another one than what stood in for it at the start. Keys of kinds that this gateway does not serve are passed over. Used by one thread.
/// </summary>
internal sealed class HeldKeys
{
    private Dictionary<string, UInt128> _digests = new(StringComparer.Ordinal);

    /// <summary>The changes from what is held to <paramref name="entries"/>, which are everything there is.</summary>
    public List<ConfigChange> Replace(IReadOnlyList<StoreEntry> entries)
    {
        var changes = new List<ConfigChange>();
        var next = new Dictionary<string, UInt128>(entries.Count, StringComparer.Ordinal);
        foreach (StoreEntry entry in entries)
        {
            if (!ResourceKinds.TryParseServedKey(entry.Key, out ResourceKind kind, out string id))
                continue;
            UInt128 digest = Digest(entry);
            next.Add(entry.Key, digest);
            if (!_digests.Remove(entry.Key, out UInt128 held) || held != digest)
                changes.Add(new ConfigChange(kind, id, entry.Value));
        }

        foreach (string gone in _digests.Keys)
        {
            if (ResourceKinds.TryParseServedKey(gone, out ResourceKind kind, out string id))
                changes.Add(new ConfigChange(kind, id, null));
        }

        _digests = next;
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
                _digests[change.Key] = Digest(entry);
            else
                _digests.Remove(change.Key);
            changes.Add(new ConfigChange(kind, id, change.Entry?.Value));
        }

        return changes;
    }

    private static UInt128 Digest(StoreEntry entry)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(entry.Value.Span, hash);
        return MemoryMarshal.Read<UInt128>(hash); // half of it is as good as unique
    }
}
