using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.Consul;

/// <summary>One question to one server, again and again. One caller at a time; of no use after its first failure.</summary>
internal interface IConsulSource : IAsyncDisposable
{
    /// <summary>The answer at once the first time; later the next one that may differ.</summary>
    /// <exception cref="RegistryException">There is none.</exception>
    Task<ConsulReply> NextAsync(CancellationToken cancellationToken);
}
