using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Headgate.Proxy.Plugins.Limits;

/// <summary>
/// What is counted, by key. A key that is known is found without a lock and without allocating; a new one takes a lock, and when the table is full drops what has run out or
/// is oldest: not before, or clients that take turns would be forgotten between two requests. Thread-safe.
/// </summary>
/// <typeparam name="T">What is counted for a key.</typeparam>
/// <param name="keysMax">Keys at most, at least 1; what cannot be dropped may exceed it.</param>
/// <param name="make">Makes what a new key begins with, at a time.</param>
internal sealed class LimitTable<T>(int keysMax, Func<long, T> make)
    where T : LimitState
{
    /// <summary>Keys of one plugin at one place, about 20 MB.</summary>
    public const int KeysMax = 100_000;

    // How many of the oldest a new key looks at: enough to stay ahead of those that come, and bounded.
    private const int LooksMax = 8;

    private readonly ConcurrentDictionary<byte[], T> _states = new(new LimitKeyComparer());

    // Roughly in the order in which they were begun. Under its own lock.
    private readonly Queue<(byte[] Key, T State, long Stamp)> _oldest = new();

    /// <summary>Keys that are counted now.</summary>
    public int Count => _states.Count;

    /// <summary>What is counted for a key at <paramref name="now"/>. It may be retired at any moment.</summary>
    public T Get(ReadOnlySpan<byte> key, long now) =>
        _states.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out T? state) ? state : Add(key, now);

    /// <summary>What is counted for a key, when anything is.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, [NotNullWhen(true)] out T? state) => _states.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out state);

    private T Add(ReadOnlySpan<byte> key, long now)
    {
        lock (_oldest)
        {
            if (_states.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out T? state))
                return state;
            MakeRoom_NeedsLock(now);
            byte[] kept = key.ToArray();
            state = make(now);
            _states[kept] = state;
            _oldest.Enqueue((kept, state, state.Stamp));
            return state;
        }
    }

    private void MakeRoom_NeedsLock(long now)
    {
        for (int looks = 1; looks <= LooksMax && _oldest.Count >= keysMax; looks++)
        {
            (byte[] key, T state, long stamp) = _oldest.Dequeue();
            bool isUsed = state.Stamp != stamp;
            if (state.TryRetire(now, always: !isUsed || looks == LooksMax))
                _states.TryRemove(key, out _);
            else
                _oldest.Enqueue((key, state, state.Stamp));
        }
    }
}
