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
        catch (SocketException)
        {
            // No descriptor, or no such address family on this machine.
            return (null, AttemptFailure.Unreachable);
        }

        using (attempt)
        {
            AttemptFailure failure = FailureOf(await attempt.ConnectAsync());
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

    private static AttemptFailure FailureOf(SocketError error) => error switch
    {
        SocketError.Success => AttemptFailure.None,
        SocketError.ConnectionRefused => AttemptFailure.Refused,

        // The kernel's own patience with unanswered SYNs ran out before ours.
        SocketError.TimedOut => AttemptFailure.ConnectTimeout,
        _ => AttemptFailure.Unreachable,
    };
}
