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
        SemaphoreSlim keyLock = _locks[(uint)string.GetHashCode(key, StringComparison.Ordinal) % (uint)_locks.Length];
        await keyLock.WaitAsync(cancellationToken);
        return new Turn(keyLock);
    }

    public void Dispose()
    {
        foreach (SemaphoreSlim keyLock in _locks)
            keyLock.Dispose();
    }

    /// <summary>The right to write the key.</summary>
    internal readonly struct Turn(SemaphoreSlim keyLock) : IDisposable
    {
        public void Dispose() => keyLock.Release();
    }
}
