namespace Headgate.Core.Config;

/// <summary>A header field that is to be sent.</summary>
/// <param name="Name">A token, as written.</param>
/// <param name="Value">Without control characters and without white space around it; may be empty.</param>
public readonly record struct HeaderConfig(string Name, string Value);
