namespace Headgate.Proxy.Registries.Kubernetes;

/// <summary>A port of endpoints.</summary>
/// <param name="Name">Its name; empty when it has none.</param>
/// <param name="Number">As written; null = the object does not say.</param>
internal readonly record struct EndpointPort(string Name, long? Number);
