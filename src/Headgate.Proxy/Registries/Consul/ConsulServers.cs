using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.Consul;

/// <summary>
/// The servers of a registry, each asked for itself: they may be of one cluster, or, as APISIX has them, of several that have other services each. Thread-safe.
/// </summary>
internal sealed class ConsulServers : IDisposable
{
    private readonly ConsulServer[] _servers;
    private int _first;

    /// <summary>Makes them; none is asked yet.</summary>
    public ConsulServers(ConsulAccess access, TimeProvider time) => _servers = [.. access.Servers.Select(address => new ConsulServer(address, access, time))];

    /// <summary>How many there are; at least 1.</summary>
    public int Count => _servers.Length;

    /// <summary>All, in the order of the settings.</summary>
    public ReadOnlySpan<ConsulServer> All => _servers;

    /// <summary>All, the one that was of use last first.</summary>
    public IEnumerable<ConsulServer> InTurn()
    {
        int first = Volatile.Read(ref _first);
        for (int i = 0; i < _servers.Length; i++)
            yield return _servers[(first + i) % _servers.Length];
    }

    /// <summary>A server was of use: the next that asks begins with it.</summary>
    public void Prefer(ConsulServer server) => Volatile.Write(ref _first, Array.IndexOf(_servers, server));

    /// <summary>A server was of no use: unless another has become the first since, the one after it is.</summary>
    public void Avoid(ConsulServer server)
    {
        int index = Array.IndexOf(_servers, server);
        Interlocked.CompareExchange(ref _first, (index + 1) % _servers.Length, index);
    }

    /// <summary>What every server says that answers.</summary>
    /// <exception cref="RegistryException">None does.</exception>
    public async Task<List<ConsulReply>> ReadAllAsync(ConsulQuestion question, CancellationToken cancellationToken)
    {
        var replies = new List<ConsulReply>();
        var failures = new List<RegistryException>();
        foreach (ConsulServer server in _servers)
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

        return replies.Count > 0 ? replies : throw Failure(failures);
    }

    /// <summary>What the first server says that answers.</summary>
    /// <exception cref="RegistryException">None does.</exception>
    public async Task<ConsulReply> ReadAnyAsync(ConsulQuestion question, CancellationToken cancellationToken)
    {
        var failures = new List<RegistryException>();
        foreach (ConsulServer server in InTurn())
        {
            try
            {
                ConsulReply reply = await server.ReadAsync(question, cancellationToken);
                Prefer(server);
                return reply;
            }
            catch (RegistryException e)
            {
                Avoid(server);
                failures.Add(e);
            }
        }

        throw Failure(failures);
    }

    /// <summary>One failure for those of several servers.</summary>
    public static RegistryException Failure(List<RegistryException> failures) =>
        failures.Count == 1 ? failures[0] : new RegistryException(string.Join("; ", failures.Select(static failure => failure.Message)), failures[0]);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ConsulServer server in _servers)
            server.Dispose();
    }
}
