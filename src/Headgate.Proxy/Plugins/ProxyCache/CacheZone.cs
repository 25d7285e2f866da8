using System.Collections.Concurrent;
using Headgate.Proxy.Plugins.Limits;

namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>
/// Memory for answers. What is kept and what is being taken in is never more than its limit; what was not used lately goes first (CLOCK). Thread-safe: answers are found without a lock.
/// </summary>
/// <param name="bytesMax">The limit.</param>
internal sealed class CacheZone(long bytesMax)
{
    // As APISIX: of one key, answers for so many different requests.
    private const int VariantsMax = 64;

    // How many that were used are spared in a row: enough to keep what is in use, and bounded.
    private const int LooksMax = 64;

    private const int RemovalsCount = 1024;

    private readonly ConcurrentDictionary<byte[], CachedAnswer[]> _answers = new(new LimitKeyComparer());
    private readonly ConcurrentDictionary<byte[], CacheFill> _fills = new(new LimitKeyComparer());
    private readonly LimitKeyComparer _hashes = new();
    private readonly Lock _gate = new();

    // Under the gate.
    private readonly LinkedList<CachedAnswer> _clock = new();
    private readonly int[] _removals = new int[RemovalsCount];
    private long _bytes;

    /// <summary>Bytes that are kept or set aside.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Answers that are kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _clock.Count;
        }
    }

    /// <summary>Keys that are known to have answers for one request only: nobody waits for them.</summary>
    public PassedKeys Passed { get; } = new();

    /// <summary>The answer for a request; null = there is none. Allocates nothing.</summary>
    public CachedAnswer? Find(ReadOnlySpan<byte> key, RequestEdits request)
    {
        if (!_answers.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out CachedAnswer[]? answers))
            return null;
        foreach (CachedAnswer answer in answers)
        {
            if (!answer.Matches(request))
                continue;
            answer.NoteUse();
            return answer;
        }

        return null;
    }

    /// <summary>Sets bytes aside; false when the zone has no room for them, whatever goes.</summary>
    public bool TryReserve(long bytes)
    {
        lock (_gate)
        {
            if (!TryMakeRoom_NeedsLock(bytes))
                return false;
            _bytes += bytes;
            return true;
        }
    }

    /// <summary>Gives bytes back that were set aside.</summary>
    public void Release(long bytes)
    {
        lock (_gate)
            _bytes -= bytes;
    }

    /// <summary>Changes when answers of the key are taken out: one that was asked for before is not kept then.</summary>
    public int RemovalsOf(ReadOnlySpan<byte> key)
    {
        int index = IndexOf(key);
        lock (_gate)
            return _removals[index];
    }

    /// <summary>
    /// Keeps an answer, in place of those that are for <paramref name="request"/> too. <paramref name="reserved"/>: bytes that were set aside for it; <paramref name="removals"/>:
    /// <see cref="RemovalsOf"/> when it was asked for. False when it was not kept.
    /// </summary>
    public bool Keep(CachedAnswer answer, RequestEdits request, long reserved, int removals)
    {
        lock (_gate)
        {
            _bytes -= reserved;
            if (_removals[IndexOf(answer.Key)] != removals)
                return false;
            foreach (CachedAnswer other in _answers.GetValueOrDefault(answer.Key, []))
            {
                if (other.Matches(request))
                    Remove_NeedsLock(other);
            }

            long bytes = answer.Bytes;
            if (!TryMakeRoom_NeedsLock(bytes))
                return false;
            if (_answers.GetValueOrDefault(answer.Key, []) is { Length: >= VariantsMax } full)
                Remove_NeedsLock(full[^1]);
            _bytes += bytes;
            answer.Place = _clock.AddLast(answer);
            _answers[answer.Key] = [answer, .. _answers.GetValueOrDefault(answer.Key, [])];
            return true;
        }
    }

    /// <summary>Takes all answers of a key out; false when there was none.</summary>
    public bool Remove(byte[] key)
    {
        lock (_gate)
        {
            _removals[IndexOf(key)]++;
            CachedAnswer[] answers = _answers.GetValueOrDefault(key, []);
            foreach (CachedAnswer answer in answers)
                Remove_NeedsLock(answer);
            return answers.Length > 0;
        }
    }

    /// <summary>The request that asks a node for a key: <paramref name="fill"/>, or one that does already.</summary>
    public CacheFill Begin(byte[] key, CacheFill fill) => _fills.GetOrAdd(key, fill);

    /// <summary>It has ended: those that wait go on.</summary>
    public void End(byte[] key, CacheFill fill, FillEnd end)
    {
        _fills.TryRemove(new KeyValuePair<byte[], CacheFill>(key, fill));
        fill.End(end);
    }

    /// <summary>Takes out what was not used lately until so many bytes find room.</summary>
    private bool TryMakeRoom_NeedsLock(long bytes)
    {
        if (bytes > bytesMax)
            return false;
        for (int looks = 0; _bytes + bytes > bytesMax && _clock.First is { } oldest; looks++)
        {
            if (looks < LooksMax && oldest.Value.TakeUse())
            {
                _clock.RemoveFirst();
                _clock.AddLast(oldest);
            }
            else
            {
                Remove_NeedsLock(oldest.Value);
                looks = -1;
            }
        }

        return _bytes + bytes <= bytesMax;
    }

    private void Remove_NeedsLock(CachedAnswer answer)
    {
        CachedAnswer[] left = [.. _answers[answer.Key].Where(other => other != answer)];
        if (left.Length == 0)
            _answers.TryRemove(answer.Key, out _);
        else
            _answers[answer.Key] = left;
        _clock.Remove(answer.Place!);
        _bytes -= answer.Bytes;
    }

    private int IndexOf(ReadOnlySpan<byte> key) => _hashes.GetHashCode(key) & (RemovalsCount - 1);
}
