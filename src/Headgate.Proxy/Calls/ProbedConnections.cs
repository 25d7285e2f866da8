using System.Net;
using System.Net.Http;
using System.Net.Sockets;

namespace Headgate.Proxy.Calls;

/// <summary>
/// Connections whose peer is asked by TCP whether it is still there: one that has vanished without a word (a machine that lost its power, a firewall that forgot the connection) is noticed
/// <see cref="SecondsMax"/> after it was last heard, and not when an answer that may take a minute is overdue.
/// </summary>
internal static class ProbedConnections
{
    /// <summary>How long a connection is quiet before its peer is asked, seconds.</summary>
    public const int QuietSeconds = 15;

    /// <summary>Time between two questions, seconds.</summary>
    public const int GapSeconds = 5;

    /// <summary>Questions without an answer that end it.</summary>
    public const int Questions = 3;

    /// <summary>After how many seconds a vanished peer is noticed.</summary>
    public const int SecondsMax = QuietSeconds + (Questions * GapSeconds);

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public static ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) => ConnectAsync(context.DnsEndPoint, cancellationToken);

    /// <summary>Connects as the handler does by itself, and turns the questions on.</summary>
    /// <exception cref="SocketException">It cannot be connected to.</exception>
    public static async ValueTask<Stream> ConnectAsync(EndPoint server, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, QuietSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, GapSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Questions);
            await socket.ConnectAsync(server, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
