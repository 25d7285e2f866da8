using System.Security.Cryptography.X509Certificates;

namespace Headgate.Store.Etcd;

/// <summary>How <c>https</c> members of an etcd are spoken to.</summary>
public sealed record EtcdTls
{
    /// <summary>Authorities that sign the members' certificates; null = those of the system.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>The certificate shown to the members, with its key; null = none.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Whether the members' certificates are verified.</summary>
    public bool Verifies { get; init; } = true;

    /// <summary>Name asked for and verified instead of the host of the address; null = the host.</summary>
    public string? ServerName { get; init; }
}
