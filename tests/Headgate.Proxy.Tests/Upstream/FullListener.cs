using System.Net;
using System.Net.Sockets;

namespace Headgate.Proxy.Tests.Upstream;

/// <summary>A listener whose queue is full: the system drops further attempts to connect, as a host that is away does.</summary>
internal sealed class FullListener : IDisposable
{
    private readonly Socket _listening = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _waiting = [];
    private readonly List<Socket> _accepted = [];
    private readonly HashSet<IPEndPoint> _own = [];

    public IPEndPoint EndPoint => (IPEndPoint)_listening.LocalEndPoint!;

    public static async Task<FullListener> StartAsync()
    {
        FullListener full = new();
        full._listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full._listening.Listen(0);

        // A queue of length 0 takes one connection, by some kernels two; whoever comes later stays on its way. How long one has been on its way says nothing on a busy machine, so
        // there are more than ever fit, and the first is waited for.
        Task first = full.ConnectAsync();
        for (int more = 0; more < 4; more++)
            _ = full.ConnectAsync().ContinueWith(static ended => ended.Exception, TaskScheduler.Default);
        await first;
        return full;
    }

    /// <summary>Takes those that wait, and with them room for others; the first that is not one of its own, which the system lets try again after a second.</summary>
    public async Task<Socket> AcceptNewcomerAsync()
    {
        while (true)
        {
            Socket accepted = await _listening.AcceptAsync();
            if (!_own.Contains((IPEndPoint)accepted.RemoteEndPoint!))
                return accepted;
            _accepted.Add(accepted);
        }
    }

    private Task ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _waiting.Add(socket);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // its address is known before it is connected, which is when it may be taken
        _own.Add((IPEndPoint)socket.LocalEndPoint!);
        return socket.ConnectAsync(EndPoint);
    }

    public void Dispose()
    {
        _waiting.ForEach(s => s.Dispose());
        _accepted.ForEach(s => s.Dispose());
        _listening.Dispose();
    }
}
