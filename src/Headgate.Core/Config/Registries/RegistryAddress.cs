namespace Headgate.Core.Config.Registries;

/// <summary>A server of a registry, and who the gateway is to it.</summary>
/// <param name="Url">Scheme, host, port, and a path where the type of registry has one; no user information, no slash at the end.</param>
/// <param name="User">Name of the user; null = none is told.</param>
/// <param name="Password">Theirs, as written. Never logged.</param>
public sealed record RegistryAddress(string Url, string? User = null, string? Password = null)
{
    /// <summary>The address alone.</summary>
    public override string ToString() => Url;
}
