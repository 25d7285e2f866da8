using Headgate.Core.Config;
using Headgate.Core.Config.Registries;

namespace Headgate.Core.Discovery;

/// <summary>What people may ask registries, whatever upstreams follow. Thread-safe.</summary>
public interface IRegistryQuestions
{
    /// <summary>Names of the services that a registry has, at most <paramref name="max"/>.</summary>
    /// <exception cref="RegistryException">It gave no answer, there is none of that name, or it has no list.</exception>
    Task<IReadOnlyList<string>> ListServicesAsync(string registry, int max, CancellationToken cancellationToken);

    /// <summary>Asks for the instances of a service, whether or not it is followed.</summary>
    /// <exception cref="RegistryException">There was no answer within <paramref name="timeout"/>.</exception>
    Task<ServiceAnswer> AskAsync(ServiceKey service, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Tries whether a registry could be reached so, without keeping anything of it, and asks how many services it has.</summary>
    /// <exception cref="RegistryException">It could not be reached within <paramref name="timeout"/>.</exception>
    Task<RegistryTrial> TestAsync(RegistryConfig config, TimeSpan timeout, CancellationToken cancellationToken);
}
