namespace Headgate.Core.Snapshot;

/// <summary>A route whose <c>vars</c> name variables that no request can have here; each counts as absent.</summary>
/// <param name="RouteId">Id of the route.</param>
/// <param name="Names">The variables, each once, in the order written; at least one.</param>
public sealed record UnsupportedVariables(string RouteId, IReadOnlyList<string> Names)
{
    /// <summary><c>routes/1</c>.</summary>
    public string Key => $"routes/{RouteId}";
}
