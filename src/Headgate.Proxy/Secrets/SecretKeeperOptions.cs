namespace Headgate.Proxy.Secrets;

/// <summary>How secrets are had.</summary>
public sealed record SecretKeeperOptions
{
    /// <summary>Folders, absolute, below which secrets may be read from files; none unless the gateway's operator names them.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>How old a secret may be before it is asked for again. APISIX's 300 s would leave a rotated one in use for long.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How soon one that could not be had is asked for again.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a keeper of secrets may take for its answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
