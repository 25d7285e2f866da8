namespace Headgate.Proxy.Plugins.OpenTelemetry;

/// <summary>What spans say about who made them.</summary>
/// <param name="Name">Name of the attribute.</param>
/// <param name="Value">A text, a number (<see cref="double"/>) or a truth value.</param>
internal sealed record ResourceAttribute(string Name, object Value);
