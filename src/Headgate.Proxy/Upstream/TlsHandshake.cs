using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Transport.Sockets;

namespace Headgate.Proxy.Upstream;

/// <summary>Makes a TLS stream out of a connected socket. Runs on the thread pool. Thread-safe.</summary>
internal sealed class TlsHandshake
{
    private static readonly TlsClientSettings Unverified = new(null);

    // By instance: a snapshot keeps the instance for as long as it is equal. An entry goes when the configuration does.
    private readonly ConditionalWeakTable<UpstreamTlsConfig, TlsClientSettings> _settings = [];

    /// <summary>
    /// Shakes hands as <paramref name="profile"/> says; null when that failed, whoever's fault it was. Never throws. It has no deadline of its own:
    /// closing the socket ends it.
    /// </summary>
    public async ValueTask<SslStream?> RunAsync(Socket socket, EndpointState endpoint, ConnectionProfile profile)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var below = new TlsSocketStream(socket);
        var stream = new SslStream(below);
        try
        {
            TlsClientSettings settings = profile.Tls is { } config ? _settings.GetValue(config, static c => new TlsClientSettings(c)) : Unverified;
            await stream.AuthenticateAsClientAsync(settings.OptionsFor(NameOf(endpoint, profile)), CancellationToken.None);
            below.EndHandshake();
            return stream;
        }
        catch (Exception)
        {
            // Certificates, protocols, sockets: each has its own exceptions, and all mean the same here.
            await stream.DisposeAsync();
            return null;
        }
    }

    private static string NameOf(EndpointState endpoint, ConnectionProfile profile)
    {
        string name = profile.ServerName ?? endpoint.Node.Key.Host;
        return name.StartsWith('[') ? name[1..^1] : name;
    }
}
