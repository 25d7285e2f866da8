using Headgate.Core.Config;

namespace Headgate.Core.Upstreams;

/// <summary>
/// What outlier detection knows about a node: counters, which the threads that serve traffic write, and its ejections, which its upstream's detector alone writes. Lies
/// on the node (<see cref="NodeState.Outlier"/>), so that it outlives every edit that keeps the node.
/// </summary>
public sealed class OutlierState
{
    /// <summary>Failures in a row that eject a node on trial, where its configuration has more: it has been found bad before.</summary>
    public const int TrialFailures = 2;

    private readonly TryCounters _tries = new();
    private LatencyHistogram? _latencies;
    private bool _onTrial;

    /// <summary>Latencies of answers below 500 since they were taken. Made by the first use.</summary>
    public LatencyHistogram Latencies =>
        Volatile.Read(ref _latencies) ?? Interlocked.CompareExchange(ref _latencies, new LatencyHistogram(), null) ?? _latencies!;

    /// <summary>Why it is ejected, or was last.</summary>
    public EjectionReason Why { get; internal set; }

    /// <summary>Ejections in a row, the present or latest one included; 0 = never ejected. Time without one counts it down when the next comes.</summary>
    public int InRow { get; internal set; }

    /// <summary>When it was ejected last, in the detector's milliseconds.</summary>
    public long EjectedAtMs { get; internal set; }

    /// <summary>When it returned last, in the detector's milliseconds.</summary>
    public long ReturnedAtMs { get; internal set; }

    /// <summary>Slow windows in a row so far.</summary>
    public int SlowWindows { get; internal set; }

    /// <summary>On trial: when its share may grow next, in the detector's milliseconds.</summary>
    public long TrialStepAtMs { get; internal set; }

    /// <summary>Whether it has returned and has to prove itself at a share of its picks. Read by the threads that serve traffic, after a failure.</summary>
    public bool OnTrial
    {
        get => Volatile.Read(ref _onTrial);
        internal set => Volatile.Write(ref _onTrial, value);
    }

    /// <summary>What is left of <see cref="InRow"/>: every <see cref="OutlierDetectionConfig.BaseEjectionTime"/> since it returned takes one away.</summary>
    internal int InRowAt(long nowMs, OutlierDetectionConfig config) =>
        (int)Math.Max(0, InRow - ((nowMs - ReturnedAtMs) / Math.Max(1, (long)config.BaseEjectionTime.TotalMilliseconds)));

    /// <summary>Counts a try; says which detection it gives reason to eject the node at once, if any. Never blocks, never allocates.</summary>
    public EjectionReason Count(TryVerdict verdict, OutlierDetectionConfig config)
    {
        if (config.CountsRequests)
            _tries.Add(verdict != TryVerdict.Success);
        switch (verdict)
        {
            case TryVerdict.Success:
                _tries.EndRows();
                return EjectionReason.None;
            case TryVerdict.Error:
                _tries.EndGatewayRow();
                break;
            default:
                if (config.ConsecutiveGatewayFailure is { } gateway && _tries.GatewayFailureReaches(Limit(gateway)))
                    return EjectionReason.ConsecutiveGatewayFailure;
                break;
        }

        return config.Consecutive5xx is { } failures && _tries.FailureReaches(Limit(failures)) ? EjectionReason.Consecutive5xx : EjectionReason.None;
    }

    /// <summary>Requests and timed answers since they were taken.</summary>
    internal (long Requests, int Latencies) Pending => (_tries.Requests, Volatile.Read(ref _latencies)?.Count ?? 0);

    /// <summary>Takes what was counted, and begins anew. One thread at a time.</summary>
    internal (long Requests, long Failures, int Latencies, double MedianMs) Take()
    {
        (long requests, long failures) = _tries.Take();
        (int latencies, double medianMs) = Volatile.Read(ref _latencies)?.Take() ?? (0, 0);
        return (requests, failures, latencies, medianMs);
    }

    /// <summary>Forgets what was counted, the rows included.</summary>
    internal void Clear()
    {
        _tries.EndRows();
        Take();
        SlowWindows = 0;
    }

    private int Limit(int configured) => OnTrial ? Math.Min(configured, TrialFailures) : configured;
}
