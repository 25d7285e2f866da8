using Headgate.Control.AdminApi.References;

namespace Headgate.Control.Revisions.Preview;

/// <summary>One object that an edit concerns.</summary>
/// <param name="Key">Its store key.</param>
/// <param name="By">The references through which it is concerned; none = it is what is edited.</param>
/// <param name="RequestsPerSecond">Of a route, its requests in this process; null = no figure.</param>
internal sealed record Concerned(string Key, IReadOnlyList<Reference> By, double? RequestsPerSecond)
{
    /// <summary>The workspace that it belongs to; null = it concerns all of the gateway group.</summary>
    public string? Workspace { get; init; }
}
