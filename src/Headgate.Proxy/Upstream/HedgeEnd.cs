using Headgate.Core.Upstreams;

namespace Headgate.Proxy.Upstream;

/// <summary>How the tries of a hedged request came out.</summary>
/// <param name="Node">The node of the try that decided: it was answered first, or failed last.</param>
/// <param name="Failure">How that try ended.</param>
/// <param name="Tried">The nodes that were asked.</param>
internal readonly record struct HedgeEnd(NodeSnapshot Node, AttemptFailure Failure, TriedNodes Tried);
