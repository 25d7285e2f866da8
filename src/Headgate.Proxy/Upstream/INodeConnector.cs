using Headgate.Core.Upstreams;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Upstream;

/// <summary>Opens connections to endpoints. Nothing here blocks; failures are values.</summary>
internal interface INodeConnector
{
    /// <summary>An open transport within <paramref name="timeout"/>, TLS handshake included, or why there is none. Never throws.</summary>
    ValueTask<(KeptConnection? Transport, AttemptFailure Failure)> OpenAsync(EndpointState endpoint, ConnectionProfile profile, TimeSpan timeout);
}
