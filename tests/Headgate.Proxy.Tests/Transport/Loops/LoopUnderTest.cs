using System.Net;
using System.Net.Sockets;
using Headgate.Proxy.Tests.Configuration;
using Headgate.Proxy.Tests.Transport.Kestrel;
using Headgate.Proxy.Transport.Loops;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport.Loops;

/// <summary>An event loop on which tests run their flows, and connections between it and plain sockets.</summary>
internal sealed class LoopUnderTest : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    public LoopUnderTest()
    {
        Loop = new EventLoop("loop under test", Log);
        Loop.Start();
    }

    public EventLoop Loop { get; }

    /// <summary>What the loop logged: mistakes only, so mostly nothing.</summary>
    public WrittenLog Log { get; } = new();

    /// <summary>Runs a flow on the loop; its result, or what it threw.</summary>
    public Task<T> RunAsync<T>(Func<ValueTask<T>> flow)
    {
        var ended = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Loop.Post(_ => _ = FollowAsync(), null);
        return ended.Task.WaitAsync(Bound);

        async Task FollowAsync()
        {
            try
            {
                ended.SetResult(await flow());
            }
            catch (Exception error)
            {
                ended.SetException(error);
            }
        }
    }

    /// <summary>As the other, without a result.</summary>
    public Task RunAsync(Func<ValueTask> flow) => RunAsync(async () =>
    {
        await flow();
        return true;
    });

    /// <summary>Runs something on the loop that waits for nothing.</summary>
    public Task<T> CallAsync<T>(Func<T> call) => RunAsync(() => ValueTask.FromResult(call()));

    /// <summary>As the other, without a result.</summary>
    public Task CallAsync(Action call) => CallAsync(() =>
    {
        call();
        return true;
    });

    /// <summary>Lets the loop go round a few times: what could happen by what has happened so far has happened then.</summary>
    public async Task RoundsAsync(int count = 5)
    {
        for (int i = 0; i < count; i++)
            await CallAsync(() => { });
    }

    /// <summary>
    /// A connection of the loop and the socket at its other end. <paramref name="bufferBytes"/>: what the system keeps of what the connection sends and the peer does not
    /// take, about; 0 = as usual.
    /// </summary>
    public async Task<(LoopConnection Connection, Socket Peer)> ConnectAsync(int bufferBytes = 0, Func<int, LoopConnection>? make = null)
    {
        (int fd, Socket peer) = await PairAsync(bufferBytes);
        return (await CallAsync(() => make is null ? new LoopConnection(Loop, fd) : make(fd)), peer);
    }

    /// <summary>A descriptor as event loops use them, and the socket at its other end.</summary>
    public static async Task<(int Fd, Socket Peer)> PairAsync(int bufferBytes = 0)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (bufferBytes > 0)
        {
            listener.SendBufferSize = bufferBytes;
            peer.ReceiveBufferSize = bufferBytes;
        }

        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        listener.Blocking = false;
        await peer.ConnectAsync(listener.LocalEndPoint!);
        int fd = -1;
        await Eventually.HoldsAsync(() => (fd = NativeAccept.TryAcceptDescriptor(listener)) >= 0, "a connection");
        return (fd, peer);
    }

    /// <summary>Whether <paramref name="connection"/> still has a place in the loop.</summary>
    public Task<bool> HoldsAsync(LoopConnection connection) => CallAsync(() => Loop.Targets.Contains(connection));

    public void Dispose() => Loop.Dispose();
}
