namespace Headgate.Control.AdminApi;

/// <summary>The etcd that gateways share, as far as a new one has to be told of it: no secrets, and no files of this machine.</summary>
/// <param name="Hosts">Addresses of its members.</param>
/// <param name="Prefix">With what the keys of the default group's objects begin.</param>
public sealed record SharedEtcd(IReadOnlyList<Uri> Hosts, string Prefix)
{
    /// <summary>Whether it asks for a user.</summary>
    public bool HasUser { get; init; }

    /// <summary>Whether it asks for a certificate.</summary>
    public bool HasCertificate { get; init; }

    /// <summary>Whether its members' certificates are signed by an authority that the system does not know.</summary>
    public bool HasAuthority { get; init; }

    /// <summary>How many keys secrets in it may be encrypted with.</summary>
    public int Keys { get; init; }
}
