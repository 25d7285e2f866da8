using System.Diagnostics.CodeAnalysis;
using Headgate.Store;

namespace Headgate.Control.AdminApi.References;

/// <summary>
/// What the Admin API remembers of every stored object so that a write needs no read: its last revision, its create_time, what it names, and for every
/// object who names it. Only a guess about the store: whatever is decided by it is compared again in the transaction. Written by the feed and, so that
/// a client sees its own writes at once, by every commit of the Admin API itself. Thread-safe.
/// </summary>
internal sealed class ObjectIndex
{
    private readonly Lock _lock = new();
    private Dictionary<string, IndexedObject> _objects = new(StringComparer.Ordinal);
    private Dictionary<string, SortedSet<string>> _users = new(StringComparer.Ordinal);
    private long _revision = -1;
    private long _ownRevision;
    private TaskCompletionSource? _advanced;

    /// <summary>Every change up to this revision is in; −1 before the first load. Single writer: the feed.</summary>
    public long Revision => Volatile.Read(ref _revision);

    /// <summary>The highest revision heard of, in or not.</summary>
    public long HighestRevision => Math.Max(Revision, Volatile.Read(ref _ownRevision));

    /// <summary>What is known of a key; false = it does not exist, as far as is known.</summary>
    public bool TryGet(string key, [NotNullWhen(true)] out IndexedObject? found)
    {
        lock (_lock)
            return _objects.TryGetValue(key, out found) && !found.Deleted;
    }

    /// <summary>Keys of the objects that name <paramref name="targetKey"/>, or that have the claim of that key, in key order.</summary>
    public IReadOnlyList<string> UsersOf(string targetKey)
    {
        lock (_lock)
            return _users.TryGetValue(targetKey, out SortedSet<string>? users) ? [.. users] : [];
    }

    /// <summary>Takes in a commit of our own before the feed brings it.</summary>
    public void ApplyOwn(string key, long revision, IndexedObject? written)
    {
        lock (_lock)
        {
            Put(key, written ?? IndexedObject.Tombstone(revision));
            if (revision > _ownRevision)
                _ownRevision = revision;
        }
    }

    /// <summary>Takes in one revision of the feed; in order.</summary>
    public void ApplyWatched(StoreRevision revision)
    {
        lock (_lock)
        {
            foreach (StoreChange change in revision.Changes)
            {
                if (change.Entry is { } entry)
                {
                    // What we wrote ourselves is known already: no need to parse it again.
                    if (!_objects.TryGetValue(change.Key, out IndexedObject? known) || known.ModRevision < entry.ModRevision)
                        Put(change.Key, IndexedObject.From(entry));
                }
                else if (_objects.TryGetValue(change.Key, out IndexedObject? known) && known.ModRevision <= revision.Revision)
                {
                    Forget(change.Key, known);
                }
            }

            Advance(revision.Revision);
        }
    }

    /// <summary>Begins anew from a full read; keeps own commits that the read did not see.</summary>
    public void Load(StoreView view)
    {
        lock (_lock)
        {
            Dictionary<string, IndexedObject> before = _objects;
            _objects = new Dictionary<string, IndexedObject>(StringComparer.Ordinal);
            _users = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal);
            foreach (StoreEntry entry in view.Entries)
                Put(entry.Key, IndexedObject.From(entry));
            foreach ((string key, IndexedObject known) in before)
            {
                if (known.ModRevision > view.Revision)
                    Put(key, known);
            }

            Advance(view.Revision);
        }
    }

    /// <summary>Waits until <see cref="Revision"/> is at least <paramref name="revision"/>; false = it is not after <paramref name="timeout"/>.</summary>
    public async ValueTask<bool> WaitForAsync(long revision, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        while (Revision < revision)
        {
            Task advanced;
            lock (_lock)
            {
                if (_revision >= revision)
                    return true;
                _advanced ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                advanced = _advanced.Task;
            }

            TimeSpan left = timeout - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
                return false;
            try
            {
                await advanced.WaitAsync(left, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return Revision >= revision;
            }
        }

        return true;
    }

    private void Advance(long revision)
    {
        Volatile.Write(ref _revision, revision);
        _advanced?.SetResult();
        _advanced = null;
    }

    private void Put(string key, IndexedObject written)
    {
        if (_objects.TryGetValue(key, out IndexedObject? known))
        {
            if (known.ModRevision > written.ModRevision)
                return;
            Forget(key, known);
        }

        _objects[key] = written;
        foreach (string used in written.Uses)
        {
            if (!_users.TryGetValue(used, out SortedSet<string>? users))
                _users[used] = users = new SortedSet<string>(StringComparer.Ordinal);
            users.Add(key);
        }
    }

    private void Forget(string key, IndexedObject known)
    {
        _objects.Remove(key);
        foreach (string used in known.Uses)
        {
            if (_users.TryGetValue(used, out SortedSet<string>? users) && users.Remove(key) && users.Count == 0)
                _users.Remove(used);
        }
    }
}
