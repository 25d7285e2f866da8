using System.Text.Json;

namespace Headgate.Control.Revisions.Differences;

/// <summary>One field that differs between two versions of an object.</summary>
/// <param name="Path">Where, as <see cref="FieldPath"/> writes it; empty = the object itself.</param>
/// <param name="Before">Its value before; null = it was not there.</param>
/// <param name="After">Its value after; null = it is gone.</param>
internal readonly record struct FieldChange(string Path, JsonElement? Before, JsonElement? After);
