using System.Text.Json;

namespace Headgate.Control.Line;

/// <summary>What an instance answers.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The body, JSON.</param>
/// <param name="Revision">Revision of what it shows, for <c>ETag</c>; null = none.</param>
public sealed record InstanceAnswer(int Status, JsonElement Body, long? Revision = null);
