namespace Headgate.Proxy.Registries;

/// <summary>How the servers of a registry are asked.</summary>
internal sealed record RegistryServerTerms
{
    /// <summary>How long a connection may take to come about.</summary>
    public required TimeSpan ConnectTimeout { get; init; }

    /// <summary>Whether certificates are verified; default true.</summary>
    public bool VerifiesTls { get; init; } = true;

    /// <summary>PEM of the authorities that certificates may come from; null = the system's.</summary>
    public string? AuthoritiesPem { get; init; }

    /// <summary><c>user:password</c> shown with every question; null = none. Never logged.</summary>
    public string? BasicCredentials { get; init; }

    /// <summary>Longest answer, bytes; default 64 MiB: the whole of a large registry.</summary>
    public int AnswerBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>Leaves the secrets out.</summary>
    public override string ToString() => $"{nameof(RegistryServerTerms)} {{ ConnectTimeout = {ConnectTimeout}, VerifiesTls = {VerifiesTls} }}";
}
