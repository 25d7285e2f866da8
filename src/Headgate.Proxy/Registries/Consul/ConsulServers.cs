using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.Consul;

/// <summary>
/// The servers of a registry, each asked for itself: they may be of one cluster, or, as APISIX has them, of several that have other services each. Thread-safe.
/// </summary>
internal sealed class ConsulServers : IDisposable
{
    private readonly ServerTurns<ConsulServer> _turns;

    /// <summary>Makes them; none is asked yet.</summary>
    public ConsulServers(ConsulAccess access, TimeProvider time) => _turns = new ServerTurns<ConsulServer>([.. access.Servers.Select(address => new ConsulServer(address, access, time))]);

    /// <summary>How many there are; at least 1.</summary>
    public int Count => _turns.All.Count;

    /// <summary>As <see cref="ServerTurns{T}.InTurn"/>.</summary>
    public IEnumerable<ConsulServer> InTurn() => _turns.InTurn();

    /// <summary>As <see cref="ServerTurns{T}.Prefer"/>.</summary>
    public void Prefer(ConsulServer server) => _turns.Prefer(server);

    /// <summary>As <see cref="ServerTurns{T}.Avoid"/>.</summary>
    public void Avoid(ConsulServer server) => _turns.Avoid(server);

    /// <summary>What every server says that answers.</summary>
    /// <exception cref="RegistryException">None does.</exception>
    public async Task<List<ConsulReply>> ReadAllAsync(ConsulQuestion question, CancellationToken cancellationToken)
    {
        var replies = new List<ConsulReply>();
        var failures = new List<RegistryException>();
        foreach (ConsulServer server in _turns.All)
        {
            try
            {
                replies.Add(await server.ReadAsync(question, cancellationToken));
            }
            catch (RegistryException e)
            {
                failures.Add(e);
            }
        }

        return replies.Count > 0 ? replies : throw RegistryFailures.Join(failures);
    }

    /// <summary>What the first server says that answers.</summary>
    /// <exception cref="RegistryException">None does.</exception>
    public Task<ConsulReply> ReadAnyAsync(ConsulQuestion question, CancellationToken cancellationToken) => _turns.TryEachAsync(server => server.ReadAsync(question, cancellationToken));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ConsulServer server in _turns.All)
            server.Dispose();
    }
}
