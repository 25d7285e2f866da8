namespace Headgate.Proxy.Upstream;

/// <summary>How host names of nodes are resolved.</summary>
public sealed record EndpointResolverOptions
{
    /// <summary>The defaults.</summary>
    public static EndpointResolverOptions Default { get; } = new();

    /// <summary>Time between two resolutions of a host, give or take a tenth; &gt; 0, default 30 s. The system's resolver does not tell the records' TTL.</summary>
    public TimeSpan Refresh { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time after the first failure in a row, doubled by every further one up to <see cref="Refresh"/>; &gt; 0, default 1 s.</summary>
    public TimeSpan RetryMin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Lookups under way at once; ≥ 1, default 16. Each may hold a thread of the pool for as long as the name servers are silent.</summary>
    public int LookupsMax { get; init; } = 16;
}
