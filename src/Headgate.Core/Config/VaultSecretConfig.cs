namespace Headgate.Core.Config;

/// <summary>HashiCorp Vault, its key-value engine.</summary>
/// <param name="Id"><c>vault/ID</c>.</param>
/// <param name="Uri">Address of the server, http or https.</param>
/// <param name="Prefix">Path below which the secrets lie.</param>
/// <param name="Token">What the gateway shows to the server. Never logged.</param>
/// <param name="Namespace">Namespace of Vault Enterprise; null when absent.</param>
public sealed record VaultSecretConfig(string Id, string Uri, string Prefix, string Token, string? Namespace) : SecretConfig(Id)
{
    /// <inheritdoc/>
    public override string ToString() => base.ToString();
}
