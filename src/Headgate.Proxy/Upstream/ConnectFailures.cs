using System.Net;
using System.Net.Sockets;

namespace Headgate.Proxy.Upstream;

/// <summary>What an error of opening a connection says: something about the node, or that this machine lacks what a connection needs.</summary>
internal static class ConnectFailures
{
    /// <summary>The failure; <see cref="AttemptFailure.None"/> for success. Any thread; blocks for no peer.</summary>
    /// <param name="error">What socket or connect ended with.</param>
    /// <param name="address">Where to.</param>
    public static AttemptFailure Of(SocketError error, IPEndPoint address) => error switch
    {
        SocketError.Success => AttemptFailure.None,
        SocketError.ConnectionRefused => AttemptFailure.Refused,

        // The kernel's own patience with unanswered SYNs ran out before ours.
        SocketError.TimedOut => AttemptFailure.ConnectTimeout,
        SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable => AttemptFailure.NoSocket,
        SocketError.AddressNotAvailable => HasSourceFor(address) ? AttemptFailure.NoSocket : AttemptFailure.Unreachable,
        _ => AttemptFailure.Unreachable,
    };

    /// <summary>
    /// Whether this machine has an address to reach <paramref name="address"/> from. The kernel has one error for "no such address" (the node's is an IPv6 one and there is no
    /// IPv6 here) and for "all local ports to it are in use"; a UDP socket, whose ports are others, tells which. Sends nothing.
    /// </summary>
    private static bool HasSourceFor(IPEndPoint address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(address);
            return true;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable;
        }
    }
}
