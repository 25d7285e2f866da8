using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries;

/// <summary>Whom of several servers a question goes to: the one that was of use last, and to the next when that one is of none. Thread-safe.</summary>
/// <typeparam name="T">What stands for a server.</typeparam>
/// <param name="servers">At least one, in the order of the settings.</param>
internal sealed class ServerTurns<T>(IReadOnlyList<T> servers)
{
    private int _first;

    /// <summary>All, in the order of the settings.</summary>
    public IReadOnlyList<T> All => servers;

    /// <summary>The one that is asked first now.</summary>
    public T First => servers[Volatile.Read(ref _first)];

    /// <summary>All, the one that is asked first now before the others.</summary>
    public IEnumerable<T> InTurn()
    {
        int first = Volatile.Read(ref _first);
        for (int i = 0; i < servers.Count; i++)
            yield return servers[(first + i) % servers.Count];
    }

    /// <summary>A server was of use: the next that asks begins with it.</summary>
    public void Prefer(T server) => Volatile.Write(ref _first, IndexOf(server));

    /// <summary>A server was of no use: unless another has become the first since, the one after it is.</summary>
    public void Avoid(T server)
    {
        int index = IndexOf(server);
        Interlocked.CompareExchange(ref _first, (index + 1) % servers.Count, index);
    }

    /// <summary>Tries one server after the other until <paramref name="ask"/> succeeds.</summary>
    /// <exception cref="RegistryException">It does with none: what all of them say.</exception>
    public async Task<TReply> TryEachAsync<TReply>(Func<T, Task<TReply>> ask)
    {
        var failures = new List<RegistryException>();
        foreach (T server in InTurn())
        {
            try
            {
                TReply reply = await ask(server);
                Prefer(server);
                return reply;
            }
            catch (RegistryException e)
            {
                Avoid(server);
                failures.Add(e);
            }
        }

        throw RegistryFailures.Join(failures);
    }

    private int IndexOf(T server)
    {
        for (int i = 0; i < servers.Count; i++)
        {
            if (EqualityComparer<T>.Default.Equals(servers[i], server))
                return i;
        }

        throw new ArgumentOutOfRangeException(nameof(server), "it is none of the servers");
    }
}
