namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>A request that asks a node for what others wait for too. Thread-safe.</summary>
internal sealed class CacheFill
{
    private readonly Lock _gate = new();
    private List<FillWait>? _waits;
    private FillEnd _end;

    /// <summary>How it ended.</summary>
    public FillEnd Outcome
    {
        get
        {
            lock (_gate)
                return _end;
        }
    }

    /// <summary>Has <paramref name="wait"/> told of the end; false when it has ended.</summary>
    public bool TryAdd(FillWait wait)
    {
        lock (_gate)
        {
            if (_end != FillEnd.None)
                return false;
            (_waits ??= []).Add(wait);
            return true;
        }
    }

    /// <summary>It has ended; only the first time counts.</summary>
    public void End(FillEnd end)
    {
        List<FillWait>? waits;
        lock (_gate)
        {
            if (_end != FillEnd.None)
                return;
            _end = end;
            waits = _waits;
        }

        foreach (FillWait wait in waits ?? [])
            wait.End();
    }
}
