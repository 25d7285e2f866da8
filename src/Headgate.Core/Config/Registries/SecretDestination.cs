namespace Headgate.Core.Config.Registries;

/// <summary>A server that is shown a secret of a service registry connection.</summary>
/// <param name="Field">What names it: <c>consul_config.servers[0]</c>.</param>
/// <param name="Server">Scheme, host and port: what makes two addresses the same server.</param>
public sealed record SecretDestination(string Field, string Server);
