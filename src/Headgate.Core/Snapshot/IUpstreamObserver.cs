namespace Headgate.Core.Snapshot;

/// <summary>
/// Told which upstreams are served, by the thread that compiles snapshots, one call at a time and before the snapshot with it is published. An implementation
/// returns soon and does not throw.
/// </summary>
public interface IUpstreamObserver
{
    /// <summary>An upstream is served from now on as <paramref name="upstream"/> says, for the first time or after an edit.</summary>
    /// <param name="owner">Key of the object that holds it: <c>upstreams/1</c>, <c>routes/7</c>.</param>
    /// <param name="upstream">What is served.</param>
    void Served(string owner, UpstreamSnapshot upstream);

    /// <summary>The upstream of that owner is no longer served.</summary>
    void Removed(string owner);
}
