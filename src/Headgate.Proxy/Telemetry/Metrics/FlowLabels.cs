namespace Headgate.Proxy.Telemetry.Metrics;

/// <summary>What bytes and latencies are told apart by; empty = there is none.</summary>
/// <param name="Route">Id of the route, or its name.</param>
/// <param name="Service">Id of the service, or its name.</param>
/// <param name="Consumer">Name of the consumer.</param>
/// <param name="Node">Address of the node that was tried last, without port.</param>
public readonly record struct FlowLabels(string Route, string Service, string Consumer, string Node);
