using System.Net;
using System.Net.Sockets;

namespace Headgate.Proxy.Tests.Upstream;

/// <summary>A listener whose queue is full: the system drops further attempts to connect, as a host that is away does.</summary>
internal sealed class FullListener : IDisposable
{
    private readonly Socket _listening = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _waiting = [];
    private readonly List<Socket> _accepted = [];

    public IPEndPoint EndPoint => (IPEndPoint)_listening.LocalEndPoint!;

    public static async Task<FullListener> StartAsync()
    {
        FullListener full = new();
        full._listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full._listening.Listen(0);

        // One more than fits: the last of them stays on its way, and so does whoever comes later.
        Task last = Task.CompletedTask;
        while (last.IsCompleted)
        {
            await last;
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            full._waiting.Add(socket);
            last = socket.ConnectAsync(full.EndPoint);
            await Task.WhenAny(last, Task.Delay(200));
        }

        _ = last.ContinueWith(static ended => ended.Exception, TaskScheduler.Default);
        return full;
    }

    /// <summary>Takes those that wait, and with them room for others; the first that is not one of its own, which the system lets try again after a second.</summary>
    public async Task<Socket> AcceptNewcomerAsync()
    {
        while (true)
        {
            Socket accepted = await _listening.AcceptAsync();
            if (!_waiting.Exists(waiting => Equals(waiting.LocalEndPoint, accepted.RemoteEndPoint)))
                return accepted;
            _accepted.Add(accepted);
        }
    }

    public void Dispose()
    {
        _waiting.ForEach(s => s.Dispose());
        _accepted.ForEach(s => s.Dispose());
        _listening.Dispose();
    }
}
