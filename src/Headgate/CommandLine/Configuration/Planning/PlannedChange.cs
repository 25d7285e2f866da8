using System.Text.Json.Nodes;
using Headgate.Control.Revisions.Differences;

namespace Headgate.CommandLine.Configuration.Planning;

/// <summary>One step of a plan.</summary>
/// <param name="Name">Of which object.</param>
/// <param name="Action">What is to be done.</param>
/// <param name="Fields">What differs, secrets redacted.</param>
/// <param name="Body">What is sent; null for a deletion.</param>
/// <param name="Seen">The revision of the object that the plan has seen; 0 = it was not there.</param>
/// <param name="Merges">Whether <paramref name="Body"/> is merged into what is there, instead of taking its place.</param>
internal sealed record PlannedChange(ObjectName Name, PlannedAction Action, IReadOnlyList<FieldChange> Fields, JsonObject? Body, long Seen, bool Merges = false)
{
    /// <summary>How it is sent.</summary>
    public HttpMethod Method => Action == PlannedAction.Delete ? HttpMethod.Delete : Merges ? HttpMethod.Patch : HttpMethod.Put;
}
