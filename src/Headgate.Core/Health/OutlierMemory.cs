using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Health;

/// <summary>
/// What is worth keeping of a node's <see cref="OutlierState"/> when its process ends: the ejection, the trial after it, and how often it was ejected in a row. Times are
/// milliseconds before the moment it is of. What was counted of requests is not kept: windows begin anew.
/// </summary>
public readonly record struct OutlierMemory
{
    /// <summary>More ejections in a row than this make none longer, and are no number that a gateway wrote.</summary>
    private const int InRowMax = 1_000_000;

    /// <summary>Whether it is ejected.</summary>
    public bool IsEjected { get; init; }

    /// <summary>What ejected it last.</summary>
    public EjectionReason Why { get; init; }

    /// <summary>Ejections in a row, this one included; at least 1.</summary>
    public int InRow { get; init; }

    /// <summary>How long ago it was ejected last, milliseconds ≥ 0.</summary>
    public long EjectedAgoMs { get; init; }

    /// <summary>How long ago it returned last, milliseconds ≥ 0; 0 while it is ejected for the first time.</summary>
    public long ReturnedAgoMs { get; init; }

    /// <summary>The share of its picks that it takes on trial, 1 to 9,999 ten-thousandths; 0 = it is not on trial.</summary>
    public int TrialShare { get; init; }

    /// <summary>
    /// What is to be kept of <paramref name="node"/>; null when nothing is, because it was never ejected or has been good for so long that the next ejection would count as the
    /// first. <paramref name="nowMs"/>: the detector's clock. Any thread: what a detector changes meanwhile is seen in part, and in whole the next time.
    /// </summary>
    public static OutlierMemory? Of(NodeState node, OutlierDetectionConfig config, long nowMs)
    {
        bool isEjected = EjectionLimits.IsEjected(node); // before the rest: a detector writes it last
        if (!node.HasOutlier || node.Outlier is not { InRow: > 0 } outlier)
            return null;
        if (!isEjected && !outlier.OnTrial && outlier.InRowAt(nowMs, config) == 0)
            return null;
        return new OutlierMemory
        {
            IsEjected = isEjected,
            Why = outlier.Why,
            InRow = outlier.InRow,
            EjectedAgoMs = Math.Max(0, nowMs - outlier.EjectedAtMs),
            ReturnedAgoMs = outlier.ReturnedAtMs == 0 ? 0 : Math.Max(0, nowMs - outlier.ReturnedAtMs),
            TrialShare = !isEjected && outlier.OnTrial ? Math.Clamp(node.Share.Of(PickShareCause.Trial), 1, PickShare.Full - 1) : 0,
        };
    }

    /// <summary>
    /// Puts it into the state of a node that nobody uses yet. An ejection goes on until a detector ends it: at once when its time is over, when what ejected it is no longer
    /// configured, or when the limits do not allow it.
    /// </summary>
    public void Restore(NodeState node, long nowMs)
    {
        OutlierState outlier = node.Outlier;
        outlier.Why = Why;
        outlier.InRow = Math.Clamp(InRow, 1, InRowMax);
        outlier.EjectedAtMs = nowMs - EjectedAgoMs;
        outlier.ReturnedAtMs = nowMs - ReturnedAgoMs;
        if (IsEjected)
            node.Exclude(NodeExclusions.Ejected);
        if (IsEjected || TrialShare is <= 0 or >= PickShare.Full)
            return;
        outlier.TrialStepAtMs = nowMs; // the next window that ends decides, whatever was left of the one that the stop cut off
        node.Share.Set(PickShareCause.Trial, TrialShare);
        outlier.OnTrial = true;
    }
}
