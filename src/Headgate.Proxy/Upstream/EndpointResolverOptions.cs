using Headgate.Proxy.Dns;

namespace Headgate.Proxy.Upstream;

/// <summary>How host names of nodes are resolved.</summary>
public sealed record EndpointResolverOptions
{
    /// <summary>The defaults.</summary>
    public static EndpointResolverOptions Default { get; } = new();

    /// <summary>Whom to ask.</summary>
    public DnsResolverOptions Dns { get; init; } = DnsResolverOptions.Default;

    /// <summary>
    /// Time until a host is looked up again whose answer does not say how long it counts, give or take a tenth, and the longest time after failures; &gt; 0, default 30 s.
    /// </summary>
    public TimeSpan Refresh { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time after the first failure in a row, doubled by every further one up to <see cref="Refresh"/>; &gt; 0, default 1 s.</summary>
    public TimeSpan RetryMin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Lookups under way at once; ≥ 1, default 64.</summary>
    public int LookupsMax { get; init; } = 64;
}
