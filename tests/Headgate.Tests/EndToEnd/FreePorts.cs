using System.Net;
using System.Net.Sockets;

namespace Headgate.Tests.EndToEnd;

/// <summary>
/// Ports of 127.0.0.1 for programs that cannot be told to take any. They are bound without listening, with SO_REUSEADDR, until this is disposed of: the system gives them to nobody
/// else, neither before the program listens nor while it is down, and lets a program that sets the same option, as servers do, listen on them.
/// </summary>
internal sealed class FreePorts : IDisposable
{
    private readonly Socket[] _held;

    /// <summary>Takes that many.</summary>
    public FreePorts(int count)
    {
        _held = [.. Enumerable.Range(0, count).Select(_ => Hold())];
        Ports = [.. _held.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Port)];
    }

    /// <summary>The ports, all different.</summary>
    public IReadOnlyList<int> Ports { get; }

    /// <summary>Whether something takes connections on <paramref name="port"/>.</summary>
    public static async Task<bool> AcceptsAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose() => Array.ForEach(_held, socket => socket.Dispose());

    private static Socket Hold()
    {
        const int SolSocket = 1, ReuseAddress = 2; // of Linux; .NET's own option of that name also lets others share the port
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetRawSocketOption(SolSocket, ReuseAddress, BitConverter.GetBytes(1));
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
