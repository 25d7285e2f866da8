using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.Consul;

/// <summary>
/// Follows services of Consul's catalog, those of their instances whose checks all pass. The first <see cref="OwnQueriesMax"/> services have a question each that the server waits with;
/// further ones share two (<see cref="ConsulSignals"/>) and are read when those say that something has changed. README.md beside this says why.
/// </summary>
internal sealed class ConsulRegistryClient : IRegistryClient
{
    /// <summary>An agent takes 200 connections of one address; what other programs on the machine hold counts too.</summary>
    public const int OwnQueriesMax = 64;

    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(150);

    private readonly ConcurrentDictionary<(ConsulServer Server, string? Datacenter), ConsulSignals> _signals = new();
    private readonly ConsulConfig _config;
    private readonly ConsulServers _servers;
    private readonly ConsulPace _pace;
    private readonly int _ownQueriesMax;
    private int _ownQueries;

    /// <summary>Makes it.</summary>
    public ConsulRegistryClient(ConsulConfig config, RegistryServices services, int ownQueriesMax = OwnQueriesMax)
    {
        (_config, _ownQueriesMax) = (config, ownQueriesMax);
        _servers = new ConsulServers(config.Access, services.Time);
        _pace = new ConsulPace(services.Time, services.Seed);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ServiceAnswer> FollowAsync(ServiceKey service, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_config.Skips(service.Name))
        {
            yield return OrDefault(new ServiceAnswerBuilder().Build());
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        bool own = !_config.Access.WaitsForChanges || Interlocked.Increment(ref _ownQueries) <= _ownQueriesMax;
        try
        {
            await using var follower = new ConsulFollower(_servers, _config.Access, service.Arguments, server => Open(server, service, own, cancellationToken), _pace);
            while (true)
                yield return OrDefault(await follower.NextAsync(cancellationToken));
        }
        finally
        {
            if (_config.Access.WaitsForChanges)
                Interlocked.Decrement(ref _ownQueries);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListServicesAsync(int max, CancellationToken cancellationToken)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (ConsulReply reply in await _servers.ReadAllAsync(new ConsulQuestion("v1/catalog/services", [.. ConsulQuestion.Datacenter(_config.Access.Datacenter)]), cancellationToken))
        {
            using JsonDocument document = reply.Reply.Json();
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new RegistryException($"{reply.Reply.Server} answers to {reply.Reply.Path} with {document.RootElement.ValueKind} instead of an object of services");
            names.UnionWith(document.RootElement.EnumerateObject().Select(static service => service.Name).Where(name => !_config.Skips(name)));
        }

        return [.. names.Take(max)];
    }

    /// <summary>Asks for the service of Consul itself, which is always there: a token that is wrong or has expired is refused.</summary>
    /// <inheritdoc/>
    public async Task TestAsync(CancellationToken cancellationToken)
    {
        ConsulReply reply = await _servers.ReadAnyAsync(new ConsulQuestion("v1/health/service/consul", [.. ConsulQuestion.Datacenter(_config.Access.Datacenter)]), cancellationToken);
        using JsonDocument document = reply.Reply.Json();
        if (document.RootElement.ValueKind != JsonValueKind.Array || reply.Index == 0)
            throw new RegistryException($"{reply.Reply.Server} does not answer to {reply.Reply.Path} as Consul does");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (ConsulSignals signals in _signals.Values)
            await signals.DisposeAsync();
        _servers.Dispose();
    }

    private IConsulSource Open(ConsulServer server, ServiceKey service, bool own, CancellationToken cancellationToken)
    {
        string? datacenter = service.Arguments.Datacenter ?? _config.Access.Datacenter;
        var question = new ConsulQuestion(
            $"v1/health/service/{Uri.EscapeDataString(service.Name)}",
            ["passing=1", .. ConsulQuestion.Datacenter(datacenter), .. service.Arguments.Tags.Select(static tag => ConsulQuestion.Argument("tag", tag))]);
        if (own)
            return new BlockingQuery(server, question, _config.Access, _pace, Gap);
        ConsulSignals signals = _signals.GetOrAdd((server, datacenter), static (key, client) => new ConsulSignals(key.Server, key.Datacenter, client._config.Access, client._pace), this);
        return new SignalledQuery(server, question, signals.FollowAsync(service.Name, cancellationToken));
    }

    private ServiceAnswer OrDefault(ServiceAnswer answer) => _config.Access.OrDefault(answer);
}
