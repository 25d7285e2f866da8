using System.Text.Json.Nodes;

namespace Headgate.CommandLine.Configuration.Planning;

/// <summary>One field that differs.</summary>
/// <param name="Path">Where: <c>timeout.read</c>, <c>nodes[10.0.0.1:80].weight</c>; empty = the object itself.</param>
/// <param name="IsBefore">Whether it was there.</param>
/// <param name="Before">What it was.</param>
/// <param name="IsAfter">Whether it will be there.</param>
/// <param name="After">What it will be.</param>
internal sealed record FieldChange(string Path, bool IsBefore, JsonNode? Before, bool IsAfter, JsonNode? After);
