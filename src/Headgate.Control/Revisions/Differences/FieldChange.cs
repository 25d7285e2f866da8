using System.Text.Json;

namespace Headgate.Control.Revisions.Differences;

/// <summary>One field that differs between two versions of an object.</summary>
/// <param name="Path">Where, <c>timeout.read</c>, <c>labels["a.b"]</c>, <c>uris[0]</c>, <c>nodes[10.0.0.1:80].weight</c>, <c>nodes[]</c> for the order of nodes; empty = the object itself.</param>
/// <param name="Before">Its value before; null = it was not there.</param>
/// <param name="After">Its value after; null = it is gone.</param>
public readonly record struct FieldChange(string Path, JsonElement? Before, JsonElement? After);
