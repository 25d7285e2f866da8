using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Transport.Loops;

/// <summary>
/// Opens connections to nodes that belong to one event loop. Behind TLS they are .NET's, and what waits for them comes back through the loop's mailbox.
/// </summary>
internal sealed class LoopConnector(EventLoop loop, INodeConnector secure) : INodeConnector
{
    /// <inheritdoc/>
    public ValueTask<(KeptConnection? Transport, AttemptFailure Failure)> OpenAsync(EndpointState endpoint, ConnectionProfile profile, TimeSpan timeout) =>
        profile.Https ? secure.OpenAsync(endpoint, profile, timeout) : OpenClearAsync(endpoint.Address, timeout);

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<(KeptConnection? Transport, AttemptFailure Failure)> OpenClearAsync(IPEndPoint address, TimeSpan timeout)
    {
        if (!TryBegin(address, spare: -1, out int fd, out int error))
            return (null, FailureOf(error, address));
        var connection = new LoopConnection(loop, fd);
        if (!connection.Socket.IsOpen)
            return (null, AttemptFailure.NoSocket); // the poller takes no more
        if (error == 0)
            return (connection, AttemptFailure.None);
        connection.SetWriteDeadline(timeout);
        bool ended = await connection.WaitWritableAsync();
        error = connection.Socket.ConnectError;
        connection.WriteDeadlineMs = 0;
        if (ended && error == 0)
            return (connection, AttemptFailure.None);
        AttemptFailure failure = connection.EndCause == EndCause.Deadline ? AttemptFailure.ConnectTimeout : FailureOf(error, address);
        connection.Release();
        return (null, failure);
    }

    /// <summary>
    /// True with <paramref name="error"/> 0: connected; with EINPROGRESS: on the way. Else there is no socket. <paramref name="spare"/>: a socket of the same family that leads nowhere, which is used and
    /// counts as the new one; −1 = none.
    /// </summary>
    internal static unsafe bool TryBegin(IPEndPoint address, int spare, out int fd, out int error)
    {
        (fd, error) = (spare, 0);
        if (fd < 0)
        {
            bool v6 = address.AddressFamily == AddressFamily.InterNetworkV6;
            fd = LibC.socket(v6 ? LibC.AF_INET6 : LibC.AF_INET, LibC.SOCK_STREAM | LibC.SOCK_NONBLOCK | LibC.SOCK_CLOEXEC, 0);
            if (fd < 0)
            {
                error = LibC.Errno;
                return false;
            }

            _ = LibC.SetOption(fd, LibC.IPPROTO_TCP, LibC.TCP_NODELAY, 1);
        }

        byte* bytes = stackalloc byte[SocketAddresses.BytesMax];
        error = LibC.connect(fd, bytes, SocketAddresses.Write(address, new Span<byte>(bytes, SocketAddresses.BytesMax))) == 0 ? 0 : LibC.Errno;
        if (error == LibC.EINPROGRESS)
            error = Look(fd);
        if (error is 0 or LibC.EINPROGRESS)
            return true;
        _ = LibC.close(fd);
        return false;
    }

    /// <summary>
    /// How a connect stands: 0, EINPROGRESS, or the error it ended with. A node on this machine has answered before connect(2) returns: sending nothing finds it out, and saves a
    /// wait and a wake.
    /// </summary>
    internal static unsafe int Look(int fd)
    {
        if (LibC.send(fd, null, 0, LibC.MSG_NOSIGNAL) == 0)
            return 0;
        int error = LibC.Errno;
        return error == LibC.EAGAIN ? LibC.EINPROGRESS : error;
    }

    /// <summary>What the system's error of a connect says.</summary>
    internal static AttemptFailure FailureOf(int error, IPEndPoint address) => ConnectFailures.Of(error switch
    {
        LibC.ECONNREFUSED => SocketError.ConnectionRefused,
        LibC.ETIMEDOUT => SocketError.TimedOut,
        LibC.EMFILE or LibC.ENFILE => SocketError.TooManyOpenSockets,
        LibC.ENOBUFS or LibC.ENOMEM => SocketError.NoBufferSpaceAvailable,
        LibC.EADDRNOTAVAIL => SocketError.AddressNotAvailable,
        _ => SocketError.SocketError,
    }, address);
}
