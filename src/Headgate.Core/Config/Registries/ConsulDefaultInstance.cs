namespace Headgate.Core.Config.Registries;

/// <summary>The one instance of a service that Consul has none of.</summary>
/// <param name="Host">Host name or address, as written.</param>
/// <param name="Port">1..65535; null = the standard one of the upstream's scheme.</param>
public sealed record ConsulDefaultInstance(string Host, int? Port);
