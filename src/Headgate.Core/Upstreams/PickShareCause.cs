namespace Headgate.Core.Upstreams;

/// <summary>Why a node takes only a share of what its policy gives it; each cause has one owner, who sets its share and takes it back.</summary>
public enum PickShareCause
{
    /// <summary>Slow start: the node is new or has just come back, and warms up.</summary>
    SlowStart,

    /// <summary>Outlier detection: the node's ejection has ended, and it is tried out.</summary>
    Trial,
}
