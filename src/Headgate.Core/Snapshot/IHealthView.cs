namespace Headgate.Core.Snapshot;

/// <summary>Who asks which nodes are checked, and with what result, asks here. Thread-safe; never blocks for long.</summary>
public interface IHealthView
{
    /// <summary>The upstreams whose nodes are being checked, ordered by owner.</summary>
    IReadOnlyList<ServedUpstream> Checked { get; }

    /// <summary>That of an owner; null when its nodes are not checked.</summary>
    ServedUpstream? Find(string owner);
}
