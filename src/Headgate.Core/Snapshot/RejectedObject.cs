using Headgate.Core.Config;

namespace Headgate.Core.Snapshot;

/// <summary>A stored object that cannot be served as it is: its last good version is, if it ever had one, else the gateway acts as if it were absent.</summary>
/// <param name="Kind">Kind of the object.</param>
/// <param name="Id">Its id.</param>
/// <param name="Errors">What is wrong with it, at least one.</param>
/// <param name="SinceRevision">Revision at which this version was refused.</param>
/// <param name="ServesLastGood">Whether an earlier version is served.</param>
public sealed record RejectedObject(ResourceKind Kind, string Id, IReadOnlyList<ConfigError> Errors, long SinceRevision, bool ServesLastGood)
{
    /// <summary><c>upstreams/1</c>.</summary>
    public string Key => $"{Kind.Plural()}/{Id}";
}
