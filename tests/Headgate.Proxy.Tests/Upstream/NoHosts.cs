using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Tests.Upstream;

/// <summary>Knows no host: for tests whose nodes are addresses.</summary>
internal sealed class NoHosts : IHostLookup
{
    public Task<HostAnswer> LookupAsync(string host, CancellationToken cancellationToken) => throw new InvalidOperationException($"{host} was not to be resolved");
}
