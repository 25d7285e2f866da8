namespace Headgate.Store.Etcd.Wire;

/// <summary>One changed key as a watch tells of it.</summary>
/// <param name="Now">What it holds now; of a deletion only the key and the revision.</param>
/// <param name="Before">What it held before, when the watch asks for that and etcd still has it.</param>
internal readonly record struct EtcdEvent(EtcdEntry Now, EtcdEntry? Before)
{
    /// <summary>Whether the key was deleted.</summary>
    public bool IsDeletion => Now.CreateRevision == 0;
}
