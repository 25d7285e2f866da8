using Headgate.Core.Primitives;

namespace Headgate.Core.Config;

/// <summary>A certificate object as a user wrote it, typed. Source: APISIX ssl schema (docs/reference/ssl.md).</summary>
public sealed record SslConfig
{
    /// <summary>Id of the object.</summary>
    public required string Id { get; init; }

    /// <summary>To whom it is shown; default server.</summary>
    public SslType Type { get; init; }

    /// <summary>The certificates, at least one: <c>cert</c> with <c>key</c> first, then those of <c>certs</c> and <c>keys</c> (of another kind of key).</summary>
    public EquatableArray<SslCertificateConfig> Certificates { get; init; } = [];

    /// <summary>Server names it is for, lower-cased; <c>*.a.test</c> stands for one label. At least one when <see cref="Type"/> is server.</summary>
    public EquatableArray<string> Snis { get; init; } = [];

    /// <summary>What is asked of clients; null = nothing.</summary>
    public SslClientConfig? Client { get; init; }

    /// <summary>False (status 0) = it is not used.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>TLS versions that are spoken (<c>TLSv1.2</c>); empty = the gateway's.</summary>
    public EquatableArray<string> Protocols { get; init; } = [];
}
