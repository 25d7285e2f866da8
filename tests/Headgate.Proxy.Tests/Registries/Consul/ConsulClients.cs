using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Proxy.Registries;
using Headgate.Proxy.Registries.Consul;
using Headgate.Testing;
using Headgate.Testing.Registries.Consul;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Registries.Consul;

/// <summary>Makes clients of test servers and names of services.</summary>
internal static class ConsulClients
{
    internal static RegistryServices Services { get; } = new(TimeProvider.System, NullLoggerFactory.Instance, TestSeed.Value);

    internal static ConsulAccess Access(params ConsulTestServer[] servers) => new() { Servers = [.. servers.Select(static server => new Uri(server.Address))] };

    internal static ConsulRegistryClient Of(params ConsulTestServer[] servers) => Of(Access(servers));

    internal static ConsulRegistryClient Of(ConsulAccess access) => new(new ConsulConfig(access), Services);

    internal static ServiceKey Key(string name, DiscoveryArguments? arguments = null) => new("consul", null, name, arguments ?? DiscoveryArguments.None);
}
