using Microsoft.Extensions.Logging;

namespace Headgate.Store.Etcd;

/// <summary>Says once that watches fail, and once that none does any more. Thread-safe.</summary>
internal sealed class EtcdOutage(TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly HashSet<object> _failing = new(ReferenceEqualityComparer.Instance);
    private (DateTimeOffset Since, string Why)? _now;

    /// <summary>Since when changes are not seen, and why; null = they are.</summary>
    public (DateTimeOffset Since, string Why)? Now
    {
        get
        {
            lock (_gate)
                return _now;
        }
    }

    /// <summary>A watch has failed for longer than it takes to change the member: <paramref name="lasted"/>.</summary>
    public void Begin(object watch, TimeSpan lasted, string problem)
    {
        bool first;
        lock (_gate)
        {
            first = _failing.Add(watch) && _failing.Count == 1;
            if (first)
                _now = (time.GetUtcNow() - lasted, problem);
        }

        if (first)
            EtcdLog.WatchesFail(logger, problem);
    }

    /// <summary>A watch goes on, or nobody wants it any more.</summary>
    public void End(object watch)
    {
        bool last;
        lock (_gate)
        {
            last = _failing.Remove(watch) && _failing.Count == 0;
            if (last)
                _now = null;
        }

        if (last)
            EtcdLog.WatchesGoOn(logger);
    }
}
