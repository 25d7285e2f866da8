using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Registries;

/// <summary>How servers of Consul are reached, for its catalog as for its key-value store.</summary>
public sealed record ConsulAccess
{
    /// <summary><c>servers</c>: base addresses, at least one, <c>http</c> or <c>https</c>, without path and user.</summary>
    public required EquatableArray<Uri> Servers { get; init; }

    /// <summary><c>token</c>: ACL token, shown with every question; null = none. Never logged.</summary>
    public string? Token { get; init; }

    /// <summary><c>timeout.connect</c>: how long a connection may take to come about; default 2 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary><c>timeout.read</c>: how long an answer may take beyond what the question asked the server to wait; default 2 s.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary><c>timeout.wait</c>: how long a server is asked to wait for a change; default 60 s. Consul waits 10 minutes at most.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>keepalive</c>: whether servers are asked to wait for changes; otherwise they are asked every <see cref="FetchInterval"/>. Default true.</summary>
    public bool WaitsForChanges { get; init; } = true;

    /// <summary><c>fetch_interval</c>: time between two questions where no server waits; default 3 s.</summary>
    public TimeSpan FetchInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary><c>weight</c>, from 1; default 1.</summary>
    public int Weight { get; init; } = 1;

    /// <summary><c>default_service</c>: what a service without instances has instead; null = nothing.</summary>
    public ConsulDefaultInstance? DefaultInstance { get; init; }

    /// <summary><c>datacenter</c>: the data centre asked about where an upstream names none; null = that of the agent asked. Headgate's own.</summary>
    public string? Datacenter { get; init; }

    /// <summary><c>tls.verify</c>: whether servers' certificates are verified; default true. Headgate's own.</summary>
    public bool VerifiesTls { get; init; } = true;

    /// <summary><c>tls.ca_certs</c>: PEM of the authorities that servers' certificates may come from; null = the system's. Headgate's own.</summary>
    public string? AuthoritiesPem { get; init; }

    /// <summary>The servers alone.</summary>
    public override string ToString() => $"{nameof(ConsulAccess)} {{ Servers = {string.Join(", ", Servers.Items)} }}";
}
