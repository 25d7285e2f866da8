namespace Headgate.Control.AdminApi.Objects;

/// <summary>
/// Lets writes of one key in this process follow one another, so that they do not fail each other's compares. Two keys may share a lock (1 in 1024).
/// Other processes that write the same store are caught by the compares.
/// </summary>
internal sealed class KeyLocks : IDisposable
{
    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, 1024).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Waits for the key's turn. Leave by disposing of what is returned, once.</summary>
    public async ValueTask<Turn> EnterAsync(string key, CancellationToken cancellationToken)
    {
        SemaphoreSlim keyLock = _locks[Place(key)];
        await keyLock.WaitAsync(cancellationToken);
        return new Turn([keyLock]);
    }

    /// <summary>Waits for the turn of several keys at once, in an order that all keep, so that no two wait for each other. Leave by disposing of what is returned, once.</summary>
    public async ValueTask<Turn> EnterAsync(string key, IEnumerable<string> others, CancellationToken cancellationToken)
    {
        int[] places = [.. others.Prepend(key).Select(Place).Distinct().Order()];
        int entered = 0;
        try
        {
            for (; entered < places.Length; entered++)
                await _locks[places[entered]].WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            while (entered > 0)
                _locks[places[--entered]].Release();
            throw;
        }

        return new Turn([.. places.Select(place => _locks[place])]);
    }

    public void Dispose()
    {
        foreach (SemaphoreSlim keyLock in _locks)
            keyLock.Dispose();
    }

    private int Place(string key) => (int)((uint)string.GetHashCode(key, StringComparison.Ordinal) % (uint)_locks.Length);

    /// <summary>The right to write the keys.</summary>
    internal readonly struct Turn(SemaphoreSlim[] keyLocks) : IDisposable
    {
        public void Dispose()
        {
            foreach (SemaphoreSlim keyLock in keyLocks)
                keyLock.Release();
        }
    }
}
