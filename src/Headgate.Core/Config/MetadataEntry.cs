namespace Headgate.Core.Config;

/// <summary>A name with a text: of a node's metadata, or of what is asked of it.</summary>
/// <param name="Key">The name.</param>
/// <param name="Value">The text; of a number as written, of a boolean <c>true</c> or <c>false</c>.</param>
public readonly record struct MetadataEntry(string Key, string Value);
