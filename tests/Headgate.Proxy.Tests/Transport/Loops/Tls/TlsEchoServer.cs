using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Headgate.Proxy.Transport.Loops.Tls;

namespace Headgate.Proxy.Tests.Transport.Loops.Tls;

/// <summary>Sends back what it receives over TLS: sessions on plain non-blocking sockets, one thread a connection, without an event loop.</summary>
internal sealed class TlsEchoServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TlsServerContext _context;
    private readonly Thread _accepting;
    private readonly int _bufferBytes;

    public TlsEchoServer(TlsServerContext context, int bufferBytes = 65_536)
    {
        _context = context;
        _bufferBytes = bufferBytes;
        _listener.Start(1024);
        _accepting = new Thread(Accept) { IsBackground = true };
        _accepting.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How connections ended, in the order of their ends.</summary>
    public BlockingCollection<TlsEnd> Ends { get; } = [];

    public TlsEnd NextEnd() =>
        Ends.TryTake(out TlsEnd? end, TimeSpan.FromSeconds(20)) ? end : throw new TimeoutException("no connection ended within 20 s");

    public void Dispose()
    {
        _listener.Stop();
        _accepting.Join();
        Ends.Dispose();
    }

    private void Accept()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = _listener.AcceptSocket();
            }
            catch (Exception error) when (error is SocketException or InvalidOperationException)
            {
                return;
            }

            new Thread(() => Serve(socket)) { IsBackground = true }.Start();
        }
    }

    private void Serve(Socket socket)
    {
        using Socket owned = socket;
        using TlsSession? session = _context.Open();
        if (session is null)
            return; // the context is disposed of: the test is over
        var end = new TlsEnd();
        try
        {
            socket.NoDelay = true;
            socket.Blocking = false;
            if (Handshake(socket, session))
                Echo(socket, session, end);
        }
        catch (Exception bug)
        {
            end.Bug = bug;
        }

        end.Failure = session.Failure;
        try
        {
            Ends.Add(end);
        }
        catch (InvalidOperationException)
        {
            // The test is over.
        }
    }

    private static bool Handshake(Socket socket, TlsSession session)
    {
        while (true)
        {
            switch (session.Handshake(Fd(socket)))
            {
                case TlsStep.Done:
                    return true;
                case TlsStep.Failed:
                    return false;
                case TlsStep.NeedsInput:
                    socket.Poll(-1, SelectMode.SelectRead);
                    break;
                default:
                    socket.Poll(-1, SelectMode.SelectWrite);
                    break;
            }
        }
    }

    private void Echo(Socket socket, TlsSession session, TlsEnd end)
    {
        (end.ServerName, end.Version) = (session.ServerName, session.Version);
        byte[] buffer = new byte[_bufferBytes];
        bool hasMore = true;
        while (true)
        {
            if (!hasMore)
                socket.Poll(-1, SelectMode.SelectRead);
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            int received = session.Receive(Fd(socket), buffer, peerFinished: false, out hasMore);
            end.LastReceive = received;
            if (received == TlsSession.WouldBlock)
                continue;
            if (received <= 0)
                break;
            end.BytesReceived += received;
            end.Receives++;
            if (!SendAll(socket, session, buffer.AsSpan(0, received)))
                return;
            end.Allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            end.AllocatedTotal += end.Allocated;
        }

        if (end.LastReceive == 0)
        {
            session.Finish(Fd(socket));
            socket.Shutdown(SocketShutdown.Send);
        }
    }

    private static bool SendAll(Socket socket, TlsSession session, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int sent = session.Send(Fd(socket), bytes);
            if (sent == TlsSession.Broken)
                return false;
            if (sent == TlsSession.WouldBlock)
                socket.Poll(-1, SelectMode.SelectWrite);
            else
                bytes = bytes[sent..];
        }

        return true;
    }

    private static int Fd(Socket socket) => (int)socket.Handle;
}
