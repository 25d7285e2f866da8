using Headgate.Core.Health;
using Headgate.Core.Snapshot;

namespace Headgate.Proxy.Outliers;

/// <summary>An upstream with outlier detection.</summary>
/// <param name="owner">Key of the object that holds it.</param>
/// <param name="detector">Judges its nodes.</param>
internal sealed class WatchedUpstream(string owner, OutlierDetector detector)
{
    public OutlierDetector Detector { get; } = detector;

    /// <summary>What is served of it now; under the lock of the monitor, as the next.</summary>
    public required ServedUpstream Served { get; set; }

    /// <summary>When its turn comes by the monitor's queue; an entry of the queue with another time is an old one.</summary>
    public long QueuedMs { get; set; } = long.MaxValue;

    public override string ToString() => owner;
}
