using Microsoft.Extensions.Logging;

namespace Headgate.Store.Etcd;

/// <summary>Says once that watches fail, and once that none does any more. Thread-safe.</summary>
internal sealed class EtcdOutage(ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly HashSet<object> _failing = new(ReferenceEqualityComparer.Instance);

    /// <summary>A watch has failed for longer than it takes to change the member.</summary>
    public void Begin(object watch, string problem)
    {
        bool first;
        lock (_gate)
            first = _failing.Add(watch) && _failing.Count == 1;
        if (first)
            EtcdLog.WatchesFail(logger, problem);
    }

    /// <summary>A watch goes on, or nobody wants it any more.</summary>
    public void End(object watch)
    {
        bool last;
        lock (_gate)
            last = _failing.Remove(watch) && _failing.Count == 0;
        if (last)
            EtcdLog.WatchesGoOn(logger);
    }
}
