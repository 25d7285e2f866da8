using Headgate.Core.Config;

namespace Headgate.Core.Discovery;

/// <summary>
/// A client of one service registry. It asks and understands; when to ask again after a failure, what an answer does to an upstream and what is kept over an outage is not its concern
/// but that of whoever follows. Thread-safe: several services are followed at once.
/// </summary>
public interface IRegistryClient : IAsyncDisposable
{
    /// <summary>
    /// Follows a service until cancelled: a complete answer first, then a complete one whenever the registry's word may have changed (equal ones are harmless). Never ends by itself. A client
    /// that has to ask at intervals waits between its questions here. Throws when it cannot go on, with everything that it had for this service given up: the next call begins with a full
    /// read. Whoever calls waits, for longer from failure to failure, before it calls again.
    /// </summary>
    /// <exception cref="RegistryException">No answer was had, or none that can be understood.</exception>
    IAsyncEnumerable<ServiceAnswer> FollowAsync(ServiceKey service, CancellationToken cancellationToken);

    /// <summary>Names of the services that the registry has now, in order of name, at most <paramref name="max"/> of them; for pickers.</summary>
    /// <exception cref="RegistryException">No answer was had; or this type of registry has no list of services.</exception>
    Task<IReadOnlyList<string>> ListServicesAsync(int max, CancellationToken cancellationToken);

    /// <summary>Asks the registry the cheapest question that shows that it is there and lets this gateway in. Returns within the client's own time limits.</summary>
    /// <exception cref="RegistryException">It is not, or does not.</exception>
    Task TestAsync(CancellationToken cancellationToken);
}
