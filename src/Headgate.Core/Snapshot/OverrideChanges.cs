using System.Globalization;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>What overrides leave in the timelines of nodes.</summary>
internal static class OverrideChanges
{
    /// <summary>
    /// The word was given. It carries the time at which that was, so that a gateway that starts again, or a node that returns, does not tell of it twice.
    /// </summary>
    public static NodeChange Begun(OverrideConfig given)
    {
        NodeChangeKind kind = given.Kind switch
        {
            OverrideKind.Drain => NodeChangeKind.DrainBegun,
            OverrideKind.ForceUp => NodeChangeKind.ForcedUp,
            _ => NodeChangeKind.ForcedDown,
        };
        string deadline = given.Deadline is { } time ? string.Create(CultureInfo.InvariantCulture, $"deadline {time.TotalSeconds:0.###} s") : "";
        string reason = string.Join(": ", new[] { deadline, given.Note ?? "" }.Where(part => part.Length > 0));
        return new NodeChange(given.Since, kind, given.Who, reason.Length > 0 ? reason : "no note");
    }

    /// <summary>The word was taken back, or (<paramref name="after"/>) another one given in its place.</summary>
    public static NodeChange Ended(OverrideConfig given, OverrideConfig? after, DateTimeOffset now) => new(
        now,
        given.Kind == OverrideKind.Drain ? NodeChangeKind.DrainEnded : NodeChangeKind.ForceEnded,
        after?.Who ?? "operator",
        after is null ? $"{given.Kind.Name()} taken back" : $"{given.Kind.Name()} replaced by {after.Kind.Name()}");
}
