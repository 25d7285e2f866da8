using System.Net.Security;
using System.Net.Sockets;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Transport.Sockets;

namespace Headgate.Proxy.Upstream;

/// <summary>Opens connections over .NET's sockets, for flows that run on any thread. Thread-safe.</summary>
internal sealed class SocketConnector(DeadlineWheel deadlines) : INodeConnector
{
    private readonly TlsHandshake _handshake = new();

    /// <inheritdoc/>
    public async ValueTask<(KeptConnection? Transport, AttemptFailure Failure)> OpenAsync(EndpointState endpoint, ConnectionProfile profile, TimeSpan timeout)
    {
        ConnectAttempt attempt;
        try
        {
            attempt = new ConnectAttempt(endpoint.Address, timeout, deadlines);
        }
        catch (SocketException error)
        {
            return (null, ConnectFailures.Of(error.SocketErrorCode, endpoint.Address)); // no descriptor, or no such address family on this machine
        }

        using (attempt)
        {
            AttemptFailure failure = ConnectFailures.Of(await attempt.ConnectAsync(), endpoint.Address);
            KeptConnection? transport = null;
            if (failure == AttemptFailure.None)
            {
                transport = await OverAsync(attempt.Socket, endpoint, profile);
                failure = transport is null ? AttemptFailure.TlsFailed : AttemptFailure.None;
            }

            bool inTime = attempt.TryFinish();
            if (transport is not null && inTime)
            {
                deadlines.Add(transport);
                return (transport, AttemptFailure.None);
            }

            transport?.Release();
            attempt.Socket.Dispose();
            return (null, inTime ? failure : AttemptFailure.ConnectTimeout);
        }
    }

    private async ValueTask<KeptConnection?> OverAsync(Socket socket, EndpointState endpoint, ConnectionProfile profile)
    {
        if (!profile.Https)
        {
            return new SocketConnection(socket, deadlines);
        }

        SslStream? tls = await _handshake.RunAsync(socket, endpoint, profile);
        return tls is null ? null : new TlsConnection(socket, tls, deadlines);
    }
}
