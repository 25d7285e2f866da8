using System.Globalization;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Health;

/// <summary>
/// Outlier detection of one upstream: judges its nodes at the end of every window, ejects and returns them. All it knows lies on the nodes
/// (<see cref="NodeState.Outlier"/>). Has no timer: whoever drives it calls <see cref="Run"/> at <see cref="DueMs"/>. Thread-safe, by a lock; never called by a thread
/// that serves traffic. Times are milliseconds of a monotonic clock, the same for all calls.
/// </summary>
public sealed class OutlierDetector
{
    private readonly Lock _lock = new();
    private OutlierDetectionConfig _config;
    private NodeState[] _nodes = [];
    private long _windowEndsMs;
    private bool _isClosed;

    /// <summary>Makes a detector without nodes. <paramref name="windowEndsMs"/>: when its first window ends; spread it, or all upstreams are judged at once.</summary>
    public OutlierDetector(OutlierDetectionConfig config, long windowEndsMs) => (_config, _windowEndsMs) = (config, windowEndsMs);

    /// <summary>When <see cref="Run"/> has something to do next; <see cref="long.MaxValue"/> = nothing.</summary>
    public long DueMs
    {
        get
        {
            lock (_lock)
            {
                if (_isClosed)
                    return long.MaxValue;
                long due = _config.JudgesWindows || _nodes.Any(NeedsWindows) ? _windowEndsMs : long.MaxValue;
                foreach (NodeState node in _nodes)
                    due = EjectionLimits.IsEjected(node) ? Math.Min(due, ReturnsAtMs_NeedsLock(node.Outlier)) : due;
                return due;
            }
        }
    }

    /// <summary>
    /// Watches exactly these nodes from now on, by these settings. Ejections go on; those that the settings no longer know or allow end.
    /// </summary>
    public void Set(OutlierDetectionConfig config, IEnumerable<NodeState> nodes, long nowMs, List<EjectionChange> changes)
    {
        lock (_lock)
        {
            _config = config;
            _nodes = [.. nodes];
            _windowEndsMs = Math.Min(_windowEndsMs, nowMs + (long)config.Interval.TotalMilliseconds);
            foreach (NodeState node in _nodes)
            {
                if (EjectionLimits.IsEjected(node) && !IsOn(config, node.Outlier.Why))
                    Return_NeedsLock(node, "what ejected it is no longer configured", nowMs, changes);
            }

            KeepLimits_NeedsLock(nowMs, changes);
        }
    }

    /// <summary>Does nothing any more: its nodes are another's, or nobody's.</summary>
    public void Close()
    {
        lock (_lock)
            _isClosed = true;
    }

    /// <summary>Does what is due: ends ejections, judges a window that is over.</summary>
    public void Run(long nowMs, List<EjectionChange> changes)
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            foreach (NodeState node in _nodes)
            {
                if (EjectionLimits.IsEjected(node) && nowMs >= ReturnsAtMs_NeedsLock(node.Outlier))
                    Return_NeedsLock(node, "its time is over", nowMs, changes);
            }

            if (nowMs < _windowEndsMs)
                return;
            JudgeWindow_NeedsLock(nowMs, changes);
            KeepLimits_NeedsLock(nowMs, changes);
            long interval = (long)_config.Interval.TotalMilliseconds;
            _windowEndsMs += interval * (1 + ((nowMs - _windowEndsMs) / interval)); // windows that nobody came to judge are left out
        }
    }

    /// <summary>Ejects a node for failures in a row.</summary>
    public void Eject(NodeState node, EjectionReason why, long nowMs, List<EjectionChange> changes)
    {
        lock (_lock)
        {
            if (_isClosed || !_nodes.Contains(node) || !IsOn(_config, why))
                return;
            int configured = (why == EjectionReason.Consecutive5xx ? _config.Consecutive5xx : _config.ConsecutiveGatewayFailure)!.Value;
            int count = node.Outlier.OnTrial ? Math.Min(configured, OutlierState.TrialFailures) : configured;
            string trial = count < configured ? " after its return" : "";
            Eject_NeedsLock(node, why, string.Create(CultureInfo.InvariantCulture, $"{count} failures in a row{trial}"), nowMs, changes);
        }
    }

    private void JudgeWindow_NeedsLock(long nowMs, List<EjectionChange> changes)
    {
        var windows = new List<NodeWindow>(_nodes.Length);
        foreach (NodeState node in _nodes)
        {
            if (EjectionLimits.IsEjected(node) || !node.HasOutlier || IsGathering_NeedsLock(node.Outlier, nowMs))
                continue;
            (long requests, long failures, int latencies, double medianMs) = node.Outlier.Take();
            windows.Add(new NodeWindow(node, requests, failures, latencies, medianMs));
        }

        // In the order of how sure they are: failures come before slowness. Of one kind the worst goes first, as not all may be allowed to.
        var found = new List<OutlierFinding>();
        if (_config.FailurePercentage is { } failure)
            FailurePercentageTest.Find(failure, windows, found);
        if (_config.SuccessRate is { } success)
            SuccessRateTest.Find(success, windows, found);
        if (_config.Latency is { } latency)
            FindSlow_NeedsLock(latency, windows, found);
        foreach (OutlierFinding finding in found.OrderBy(finding => finding.Why).ThenByDescending(finding => finding.Severity))
            Eject_NeedsLock(finding.Node, finding.Why, finding.Figures, nowMs, changes);
        foreach (NodeState node in _nodes.Where(IsOnTrial))
            StepTrial_NeedsLock(node, nowMs);
    }

    /// <summary>Twice the share for every window that did not go badly; the trial is over when it is whole.</summary>
    private void StepTrial_NeedsLock(NodeState node, long nowMs)
    {
        OutlierState outlier = node.Outlier;
        if (nowMs < outlier.TrialStepAtMs)
            return;
        int share = Math.Min(PickShare.Full, 2 * node.Share.Of(PickShareCause.Trial));
        node.Share.Set(PickShareCause.Trial, share);
        outlier.TrialStepAtMs = _windowEndsMs + (long)_config.Interval.TotalMilliseconds; // not from now on: a late call must not cost a window
        outlier.OnTrial = share < PickShare.Full;
    }

    private static void FindSlow_NeedsLock(LatencyOutlierConfig latency, List<NodeWindow> windows, List<OutlierFinding> found)
    {
        var slow = new List<OutlierFinding>();
        LatencyTest.Find(latency, windows, slow);
        foreach (NodeWindow window in windows)
        {
            OutlierState outlier = window.Node.Outlier;
            int at = slow.FindIndex(finding => finding.Node == window.Node);
            outlier.SlowWindows = at < 0 ? 0 : outlier.SlowWindows + 1;
            if (at >= 0 && outlier.SlowWindows >= (outlier.OnTrial ? 1 : latency.Windows))
                found.Add(slow[at] with { Figures = string.Create(CultureInfo.InvariantCulture, $"{slow[at].Figures}, {outlier.SlowWindows} window(s) in a row") });
        }
    }

    private void Eject_NeedsLock(NodeState node, EjectionReason why, string reason, long nowMs, List<EjectionChange> changes)
    {
        if (EjectionLimits.IsEjected(node))
            return;
        if (!EjectionLimits.Allow(_config, _nodes, node))
        {
            changes.Add(new EjectionChange(node, EjectionChangeKind.Refused, why, reason));
            return;
        }

        OutlierState outlier = node.Outlier;
        outlier.InRow = outlier.InRowAt(nowMs, _config) + 1;
        (outlier.Why, outlier.EjectedAtMs, outlier.OnTrial) = (why, nowMs, false);
        outlier.Clear();
        node.Exclude(NodeExclusions.Ejected);
        node.Share.Set(PickShareCause.Trial, PickShare.Full); // in panic it is used in full
        string length = string.Create(CultureInfo.InvariantCulture, $"; out for {_config.EjectionTime(outlier.InRow).TotalSeconds:0.###} s");
        changes.Add(new EjectionChange(node, EjectionChangeKind.Ejected, why, reason + length));
    }

    private void Return_NeedsLock(NodeState node, string reason, long nowMs, List<EjectionChange> changes)
    {
        OutlierState outlier = node.Outlier;
        outlier.Clear(); // tries that began before the ejection have ended since
        (outlier.ReturnedAtMs, outlier.OnTrial, outlier.TrialStepAtMs) = (nowMs, true, nowMs + (long)_config.Interval.TotalMilliseconds);
        node.Share.Set(PickShareCause.Trial, PickShare.Full / 100 * _config.ReturnPercent);
        node.Admit(NodeExclusions.Ejected);
        changes.Add(new EjectionChange(node, EjectionChangeKind.Returned, outlier.Why, reason));
    }

    /// <summary>Returns nodes until the limits hold, those first whose return helps and whose time is nearly over.</summary>
    private void KeepLimits_NeedsLock(long nowMs, List<EjectionChange> changes)
    {
        while (!EjectionLimits.Hold(_config, _nodes))
        {
            NodeState first = _nodes.Where(EjectionLimits.IsEjected)
                .OrderBy(node => node.Exclusions != NodeExclusions.Ejected).ThenBy(node => ReturnsAtMs_NeedsLock(node.Outlier)).First();
            Return_NeedsLock(first, "fewer nodes may be ejected now", nowMs, changes);
        }
    }

    private long ReturnsAtMs_NeedsLock(OutlierState outlier) => outlier.EjectedAtMs + (long)_config.EjectionTime(outlier.InRow).TotalMilliseconds;

    /// <summary>
    /// A node on trial gets few requests: its window lasts until it has had as many as it takes to judge it, and never less than a whole interval.
    /// </summary>
    private bool IsGathering_NeedsLock(OutlierState outlier, long nowMs)
    {
        if (!outlier.OnTrial)
            return false;
        (long requests, int latencies) = outlier.Pending;
        bool enough = requests >= (_config.FailurePercentage?.RequestVolume ?? long.MaxValue)
            || requests >= (_config.SuccessRate?.RequestVolume ?? long.MaxValue)
            || latencies >= (_config.Latency?.RequestVolume ?? int.MaxValue);
        return !enough || nowMs < outlier.TrialStepAtMs;
    }

    private static bool NeedsWindows(NodeState node) => EjectionLimits.IsEjected(node) || IsOnTrial(node);

    private static bool IsOnTrial(NodeState node) => node.HasOutlier && node.Outlier.OnTrial;

    private static bool IsOn(OutlierDetectionConfig config, EjectionReason why) => why switch
    {
        EjectionReason.Consecutive5xx => config.Consecutive5xx is not null,
        EjectionReason.ConsecutiveGatewayFailure => config.ConsecutiveGatewayFailure is not null,
        EjectionReason.FailurePercentage => config.FailurePercentage is not null,
        EjectionReason.SuccessRate => config.SuccessRate is not null,
        EjectionReason.Latency => config.Latency is not null,
        _ => false,
    };
}
