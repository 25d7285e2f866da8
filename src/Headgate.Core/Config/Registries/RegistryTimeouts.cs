namespace Headgate.Core.Config.Registries;

/// <summary>How long a registry's server may take. The defaults are APISIX's.</summary>
public sealed record RegistryTimeouts
{
    /// <summary>For a connection to come about, TLS included; at least 1 ms, default 2 s.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>To take a question; at least 1 ms, default 2 s.</summary>
    public TimeSpan Send { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>To answer it; at least 1 ms, default 5 s.</summary>
    public TimeSpan Read { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For a question with all that belongs to it.</summary>
    public TimeSpan Whole => Connect + Send + Read;
}
