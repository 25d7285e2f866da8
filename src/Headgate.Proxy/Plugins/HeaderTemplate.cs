namespace Headgate.Proxy.Plugins;

/// <summary>A header field that is sent.</summary>
/// <param name="Name">Its name as written.</param>
/// <param name="Value">Its value, a template.</param>
public sealed record HeaderTemplate(string Name, string Value);
