using System.Net.Sockets;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Upstream;

/// <summary>Opens connections to endpoints. Nothing here blocks; failures are values. Thread-safe.</summary>
internal sealed class NodeConnector(DeadlineWheel deadlines)
{
    /// <summary>
    /// An open transport within <paramref name="timeout"/>, TLS handshake included, or why there is none. Never throws.
    /// </summary>
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
            SocketError error = await attempt.ConnectAsync();
            KeptConnection? transport = error == SocketError.Success ? new SocketConnection(attempt.Socket, deadlines) : null;
            bool inTime = attempt.TryFinish();
            if (transport is not null && inTime)
            {
                deadlines.Add(transport);
                return (transport, AttemptFailure.None);
            }

            transport?.Release();
            attempt.Socket.Dispose();
            return (null, inTime ? FailureOf(error) : AttemptFailure.ConnectTimeout);
        }
    }

    private static AttemptFailure FailureOf(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => AttemptFailure.Refused,

        // The kernel's own patience with unanswered SYNs ran out before ours.
        SocketError.TimedOut => AttemptFailure.ConnectTimeout,
        _ => AttemptFailure.Unreachable,
    };
}
