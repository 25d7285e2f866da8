using Headgate.Core.Primitives;

namespace Headgate.Core.Config;

/// <summary>TLS towards the nodes.</summary>
/// <param name="ClientCert">PEM chain presented to the node; null when none. Set exactly when <paramref name="ClientKey"/> is.</param>
/// <param name="ClientKey">PEM private key of <paramref name="ClientCert"/>. Never logged.</param>
/// <param name="Verify">Whether the node's certificate is checked (chain and name); default false, as APISIX.</param>
/// <param name="CaCerts">PEM trust anchors that replace the system's; empty = the system's.</param>
public sealed record UpstreamTlsConfig(string? ClientCert, string? ClientKey, bool Verify, EquatableArray<string> CaCerts)
{
    /// <summary>Id of the <c>ssl</c> object that holds the client certificate, instead of <see cref="ClientCert"/>; null when absent.</summary>
    public string? ClientCertId { get; init; }

    /// <summary>Whether <see cref="ClientCertId"/> names an object that is not there, or is not for nodes: then no node may be asked.</summary>
    public bool LacksClientCert => ClientCertId is not null && ClientCert is null;

    /// <summary>Leaves the key out, so that a record that reaches a log carries no secret.</summary>
    public override string ToString() => $"UpstreamTlsConfig {{ ClientCert = {(ClientCert is null ? "none" : "set")}, Verify = {Verify} }}";
}
