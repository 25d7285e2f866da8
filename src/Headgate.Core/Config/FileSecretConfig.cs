namespace Headgate.Core.Config;

/// <summary>Files, as orchestrators mount them: a secret is what a file holds. Headgate's own.</summary>
/// <param name="Id"><c>file/ID</c>.</param>
/// <param name="Folder">Folder below which they lie, absolute; it has to be, or lie in, one of <c>headgate.secret_folders</c>.</param>
public sealed record FileSecretConfig(string Id, string Folder) : SecretConfig(Id)
{
    /// <inheritdoc/>
    public override string ToString() => base.ToString();
}
