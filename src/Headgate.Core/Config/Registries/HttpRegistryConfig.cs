using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Registries;

/// <summary>A URL that says which services there are, or which nodes a service has (docs/reference/discovery/http.md). Headgate's own.</summary>
public sealed record HttpRegistryConfig() : RegistryConfig(TypeName)
{
    /// <summary>The type's name.</summary>
    public const string TypeName = "http";

    /// <summary>What stands for the name of the service in <see cref="Url"/>.</summary>
    public const string ServicePlace = "{service}";

    /// <summary><c>url</c>: http or https, without user information. With <see cref="ServicePlace"/> in it each service is asked for by itself, otherwise all at once.</summary>
    public required string Url { get; init; }

    /// <summary><c>fetch_interval</c>: time between two questions; at least 1 s, default 30 s.</summary>
    public TimeSpan FetchInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>timeout</c>: time that an answer may take, its connection included; above 0, default 5 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>default_weight</c>: of a node that names none; at least 0, default 100.</summary>
    public int DefaultWeight { get; init; } = 100;

    /// <summary><c>headers</c>: fields that are sent with each question, ordered by name. Never logged.</summary>
    public EquatableArray<MetadataEntry> Headers { get; init; } = [];

    /// <summary><c>auth.username</c>; null = none is told.</summary>
    public string? User { get; init; }

    /// <summary><c>auth.password</c>. Never logged.</summary>
    public string? Password { get; init; }

    /// <summary><c>ssl_verify</c>: whether the server's certificate is verified; default true.</summary>
    public bool VerifiesTls { get; init; } = true;

    /// <summary><c>ca_certs</c>: PEM of the authorities that it may come from; null = the system's.</summary>
    public string? AuthoritiesPem { get; init; }

    /// <summary>Whether each service is asked for by itself.</summary>
    public bool AsksByService => Url.Contains(ServicePlace, StringComparison.Ordinal);

    /// <summary>Leaves the query out, which may hold a key, and everything secret.</summary>
    public override string ToString() => $"{nameof(HttpRegistryConfig)} {{ Url = {Url.Split('?')[0]} }}";
}
