using Headgate.Core.Config.Registries;

namespace Headgate.Proxy.Registries.Nacos;

/// <summary>Access tokens for the servers: the same one written in the settings, or one for each server with a user. Thread-safe.</summary>
internal sealed class NacosLogins : IAsyncDisposable
{
    private readonly string? _token;
    private readonly Dictionary<Uri, NacosLogin> _logins = [];

    public NacosLogins(NacosConfig config, Func<RegistryAddress, Uri> server, RegistryServers servers, TimeProvider time)
    {
        _token = config.Token;
        foreach (RegistryAddress address in config.Servers)
        {
            if ((address.User ?? config.User) is { } user)
                _logins.TryAdd(server(address), new NacosLogin(server(address), user, (address.User is null ? config.Password : address.Password) ?? "", config, servers, time));
        }
    }

    /// <summary>The token to show to a server; null when it asks for none.</summary>
    /// <exception cref="Core.Discovery.RegistryException">Logging in failed.</exception>
    public ValueTask<string?> TokenAsync(Uri server, CancellationToken cancellationToken) =>
        _logins.TryGetValue(server, out NacosLogin? login) ? login.TokenAsync(cancellationToken) : ValueTask.FromResult(_token);

    /// <summary>Whether there is a user for a server.</summary>
    public bool HasUser(Uri server) => _logins.ContainsKey(server);

    /// <summary>Says that a server refuses a token. False when no other is to be had.</summary>
    public bool Forget(Uri server, string token) => _logins.TryGetValue(server, out NacosLogin? login) && login.Forget(token);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (NacosLogin login in _logins.Values)
            await login.DisposeAsync();
    }
}
