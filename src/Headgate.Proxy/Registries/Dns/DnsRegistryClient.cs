using System.Runtime.CompilerServices;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Proxy.Dns;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Registries.Dns;

/// <summary>DNS as a registry: asks for a service's name again whenever its answer's time is over. README.md says how instances come out of records.</summary>
internal sealed class DnsRegistryClient : IRegistryClient
{
    private readonly TimeProvider _time;
    private readonly DnsResolver _resolver;
    private readonly ServiceLookup _lookup;

    /// <summary>Makes one with a resolver of its own.</summary>
    public DnsRegistryClient(DnsConfig config, RegistryServices services)
    {
        _time = services.Time;
        var options = new DnsResolverOptions { Servers = config.Servers, HostsPath = null, UsesSearch = config.ResolvConf is not null };
        _resolver = new DnsResolver(
            config.ResolvConf is { } path ? options with { ResolvConfPath = path } : options, services.Time, services.Loggers.CreateLogger<DnsResolver>());
        _lookup = new ServiceLookup(_resolver, config.Order);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ServiceAnswer> FollowAsync(ServiceKey service, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            (ServiceAnswer answer, TimeSpan validFor) = await AskAsync(service.Name, cancellationToken);
            yield return answer;
            await Task.Delay(validFor, _time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListServicesAsync(int max, CancellationToken cancellationToken) =>
        throw new RegistryException("DNS has no list of services; any name may be one");

    /// <inheritdoc/>
    public async Task TestAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _resolver.TestAsync(cancellationToken);
        }
        catch (DnsException e)
        {
            throw new RegistryException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _resolver.DisposeAsync();

    private async Task<(ServiceAnswer Answer, TimeSpan ValidFor)> AskAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await _lookup.AskAsync(name, cancellationToken);
        }
        catch (DnsException e)
        {
            throw new RegistryException(e.Message, e) { IsOfServiceOnly = e.IsOfNameOnly };
        }
    }
}
