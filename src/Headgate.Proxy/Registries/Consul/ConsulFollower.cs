using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.Consul;

/// <summary>
/// Follows one service at the server that has it. When that fails, or has it no longer, all are looked through. None at all is believed only when every server says so: where they are
/// of several clusters, the one that is silent may be the one that has it. One caller at a time.
/// </summary>
/// <param name="servers">Who is asked.</param>
/// <param name="access">How.</param>
/// <param name="asked">Which of the instances count.</param>
/// <param name="open">Begins to ask a server.</param>
/// <param name="pace">What spaces the looks out.</param>
internal sealed class ConsulFollower(ConsulServers servers, ConsulAccess access, DiscoveryArguments asked, Func<ConsulServer, IConsulSource> open, ConsulPace pace) : IAsyncDisposable
{
    private IConsulSource? _source;
    private ConsulServer? _server;
    private long? _lookedAt;

    /// <summary>The first answer, then the next ones.</summary>
    /// <exception cref="RegistryException">There is none.</exception>
    public async Task<ServiceAnswer> NextAsync(CancellationToken cancellationToken)
    {
        if (_source is { } source)
        {
            try
            {
                ServiceAnswer answer = ConsulEntries.Read(await source.NextAsync(cancellationToken), access, asked);
                if (answer.Instances.Count > 0 || servers.Count == 1)
                    return answer;
            }
            catch (RegistryException) when (servers.Count > 1)
            {
                servers.Avoid(_server!); // which is asked again all the same, as the last one
            }

            await DisposeAsync();
        }
        else if (_lookedAt is { } before)
        {
            await pace.KeepAsync(access.FetchInterval, before, cancellationToken);
        }

        return await LookAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        IConsulSource? source = _source;
        _source = null;
        if (source is not null)
            await source.DisposeAsync();
    }

    private async Task<ServiceAnswer> LookAsync(CancellationToken cancellationToken)
    {
        _lookedAt = pace.Now;
        ServiceAnswer? none = null;
        var failures = new List<RegistryException>();
        foreach (ConsulServer server in servers.InTurn())
        {
            (_server, _source) = (server, open(server));
            try
            {
                ServiceAnswer answer = ConsulEntries.Read(await _source.NextAsync(cancellationToken), access, asked);
                servers.Prefer(server);
                if (answer.Instances.Count > 0 || servers.Count == 1)
                    return answer;
                none = answer;
            }
            catch (RegistryException e)
            {
                servers.Avoid(server);
                failures.Add(e);
            }

            await DisposeAsync();
        }

        if (failures.Count == 0)
            return none!;
        throw none is null ? RegistryFailures.Join(failures) : new RegistryException($"servers that answer have no instance, and {RegistryFailures.Join(failures).Message}") { IsOfServiceOnly = true };
    }
}
