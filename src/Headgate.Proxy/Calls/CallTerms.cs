namespace Headgate.Proxy.Calls;

/// <summary>How calls of the gateway's own to servers of HTTP are made: equal terms share connections.</summary>
/// <param name="VerifiesTls">Whether servers' certificates are verified.</param>
/// <param name="KeepsAlive">Whether a connection serves more than one call.</param>
/// <param name="IdleTimeout">How long a connection is kept that nobody uses.</param>
internal sealed record CallTerms(bool VerifiesTls, bool KeepsAlive, TimeSpan IdleTimeout)
{
    /// <summary>How long a connection may take to come about, TLS included; null = as long as the call.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>PEM of the authorities that servers' certificates may come from, instead of the system's; null = the system's.</summary>
    public string? AuthoritiesPem { get; init; }

    /// <summary>Whether connections are <see cref="ProbedConnections"/>: for calls whose answers may be quiet for long. Default false.</summary>
    public bool ProbesQuietServers { get; init; }
}
