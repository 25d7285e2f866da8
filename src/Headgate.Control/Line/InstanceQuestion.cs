using System.Text.Json;

namespace Headgate.Control.Line;

/// <summary>What a control plane asks an instance: a request of the API that only an instance can answer. Who asks was judged before; an instance answers its control planes.</summary>
/// <param name="Method">GET, POST, ...</param>
/// <param name="Path">Path and query below <c>/api/</c>, without a leading slash; the gateway group in it is always the instance's own, <c>default</c>.</param>
/// <param name="Body">JSON; null = none.</param>
public sealed record InstanceQuestion(string Method, string Path, JsonElement? Body = null);
