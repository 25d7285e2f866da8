namespace Headgate.Store.Etcd.Wire;

/// <summary>All changed keys of one revision that a watch is about.</summary>
/// <param name="Revision">Its number.</param>
/// <param name="Events">In key order.</param>
internal sealed record EtcdRevision(long Revision, IReadOnlyList<EtcdEvent> Events)
{
    /// <summary>Revisions are gone: read everything anew.</summary>
    public static EtcdRevision Gap { get; } = new(-1, []);
}
