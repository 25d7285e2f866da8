namespace Headgate.Proxy.Plugins.Loggers;

/// <summary>A member of an entry of a log.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">A text, or a variable behind a dollar.</param>
public sealed record LogMember(string Name, string Value);
