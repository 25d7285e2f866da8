namespace Headgate.Proxy.Telemetry.Logs;

/// <summary>
/// Entries on their way to whoever writes them down, bounded in bytes and in number. Requests encode straight into it under a lock that the other side holds only to exchange two
/// arrays; what does not fit is dropped and counted. Thread-safe.
/// </summary>
internal sealed class LogBuffer
{
    private readonly Lock _gate = new();
    private readonly int _entriesMax;
    private readonly int _bytesMax;
    private byte[] _filling;
    private byte[] _spare;
    private int _length;
    private int _entries;
    private long _dropped;

    /// <summary>
    /// Makes an empty one. <paramref name="bytes"/>: of the entries that wait; <paramref name="entriesMax"/>: their number; <paramref name="bytesMax"/>: what
    /// <paramref name="bytes"/> may grow to.
    /// </summary>
    public LogBuffer(int bytes, int entriesMax = int.MaxValue, int bytesMax = 0)
    {
        (_entriesMax, _bytesMax) = (entriesMax, bytesMax);
        (_filling, _spare) = (new byte[bytes], new byte[bytes]);
    }

    /// <summary>Entries that were dropped so far because it was full.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Whether it is more than half full, or holds so many entries as it may: who empties it should be told.</summary>
    public bool IsFilling => Volatile.Read(ref _length) > _filling.Length / 2 || Volatile.Read(ref _entries) >= _entriesMax;

    /// <summary>Entries that wait.</summary>
    public int Count => Volatile.Read(ref _entries);

    /// <summary>Adds an entry as <paramref name="format"/> writes it, with a line feed behind it; false when it was dropped. Never waits, never allocates.</summary>
    public bool TryAdd(LogFormat format, Exchange exchange, RequestTrace trace, in LogMoment moment)
    {
        lock (_gate)
        {
            while (_entries < _entriesMax)
            {
                var line = new LineWriter(_filling.AsSpan(_length));
                format.Write(ref line, exchange, trace, moment);
                line.Write((byte)'\n');
                if (!line.HasOverrun)
                {
                    _length += line.Length;
                    _entries++;
                    return true;
                }

                if (!TryGrow())
                    break;
            }
        }

        Interlocked.Increment(ref _dropped);
        return false;
    }

    /// <summary>As the other, of an entry that is encoded already: nothing is put behind it.</summary>
    public bool TryAdd(ReadOnlySpan<byte> entry)
    {
        lock (_gate)
        {
            while (_entries < _entriesMax)
            {
                if (entry.TryCopyTo(_filling.AsSpan(_length)))
                {
                    _length += entry.Length;
                    _entries++;
                    return true;
                }

                if (!TryGrow())
                    break;
            }
        }

        Interlocked.Increment(ref _dropped);
        return false;
    }

    /// <summary>Takes what is there, in the order in which it came; valid until the next call, which one thread makes at a time.</summary>
    public ReadOnlyMemory<byte> Take(out int entries)
    {
        lock (_gate)
        {
            (_filling, _spare) = (_spare, _filling);
            (int length, entries) = (_length, _entries);
            (_length, _entries) = (0, 0);
            return _spare.AsMemory(0, length);
        }
    }

    private bool TryGrow()
    {
        int length = (int)Math.Min(_filling.Length * 2L, _bytesMax);
        if (length <= _filling.Length)
            return false;
        Array.Resize(ref _filling, length);
        return true;
    }
}
