using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Proxy.Registries.Consul;

namespace Headgate.Proxy.Registries.ConsulKv;

/// <summary>Follows services whose instances are keys of Consul's key-value store. README.md beside this says how.</summary>
internal sealed class ConsulKvRegistryClient : IRegistryClient
{
    private readonly ConcurrentDictionary<(ConsulServer Server, string? Datacenter), ConsulKvTable> _tables = new();
    private readonly ConsulKvConfig _config;
    private readonly ConsulServers _servers;
    private readonly ConsulPace _pace;

    /// <summary>Makes it.</summary>
    public ConsulKvRegistryClient(ConsulKvConfig config, RegistryServices services)
    {
        _config = config;
        _servers = new ConsulServers(config.Access, services.Time);
        _pace = new ConsulPace(services.Time, services.Seed);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ServiceAnswer> FollowAsync(ServiceKey service, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ConsulKvName name = ConsulKvName.Read(service.Name, _config);
        List<ConsulServer> candidates = [.. _servers.InTurn().Where(server => name.Server is null || server.Address == name.Server)];
        if (candidates.Count == 0)
            throw new RegistryException($"{name.Server!.GetLeftPart(UriPartial.Authority)} is none of the servers of this registry") { IsOfServiceOnly = true };
        await using var follower = new ConsulKvFollower(candidates, server => TableOf(server, service).FollowAsync(name.Folder, cancellationToken));
        while (true)
        {
            ServiceAnswer answer = await follower.NextAsync(cancellationToken);
            yield return _config.Access.OrDefault(answer.Narrowed(service.Arguments));
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListServicesAsync(int max, CancellationToken cancellationToken)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var failures = new List<RegistryException>();
        foreach (ConsulServer server in _servers.InTurn())
        {
            try
            {
                ConsulReply reply = await server.ReadAsync(ConsulKvTable.QuestionOf(_config, _config.Access.Datacenter), cancellationToken);
                names.UnionWith(ConsulKvEntries.Read(reply, _config).Keys.Select(folder => ConsulKvName.Write(server.Address, _config, folder)));
            }
            catch (RegistryException e)
            {
                failures.Add(e);
            }
        }

        return failures.Count < _servers.Count ? [.. names.Take(max)] : throw RegistryFailures.Join(failures);
    }

    /// <summary>Asks for the first level of the prefix' folders, which takes the right to read it.</summary>
    /// <inheritdoc/>
    public async Task TestAsync(CancellationToken cancellationToken)
    {
        ConsulQuestion all = ConsulKvTable.QuestionOf(_config, _config.Access.Datacenter);
        ConsulReply reply = await _servers.ReadAnyAsync(
            new ConsulQuestion(all.Path, ["keys=1", "separator=%2F", .. ConsulQuestion.Datacenter(_config.Access.Datacenter)]) { AllowsNone = true }, cancellationToken);
        if (reply.Index == 0)
            throw new RegistryException($"{reply.Reply.Server} does not answer to {reply.Reply.Path} as Consul does");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (ConsulKvTable table in _tables.Values)
            await table.DisposeAsync();
        _servers.Dispose();
    }

    private ConsulKvTable TableOf(ConsulServer server, ServiceKey service) => _tables.GetOrAdd(
        (server, service.Arguments.Datacenter ?? _config.Access.Datacenter), static (key, client) => new ConsulKvTable(key.Server, key.Datacenter, client._config, client._pace), this);
}
