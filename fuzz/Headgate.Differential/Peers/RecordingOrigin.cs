using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Headgate.Differential.Wire;

namespace Headgate.Differential.Peers;

/// <summary>
/// The origin behind a proxy. It takes nothing but strictly sound requests, notes each under its client, and answers 200 with the number of the request and what it saw.
/// What a proxy must not send is kept in <see cref="Violations"/>: bytes that one server lets through and the next reads otherwise are how requests are smuggled.
/// </summary>
internal sealed class RecordingOrigin : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private readonly RequestLog? _log;
    private readonly Task _accepting;
    private long _answered;

    /// <summary>Starts it on a free port of 127.0.0.1. Without a <paramref name="log"/> it answers and judges only.</summary>
    public RecordingOrigin(RequestLog? log)
    {
        _log = log;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(4096);
        _accepting = AcceptAsync();
    }

    /// <summary>Port it listens on.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Whole requests answered.</summary>
    public long Answered => Volatile.Read(ref _answered);

    /// <summary>What was wrong, and the bytes of the connection from the request on.</summary>
    public ConcurrentQueue<(string What, byte[] Bytes)> Violations { get; } = new();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        foreach (Socket socket in _open.Keys)
            socket.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return;
            }

            socket.NoDelay = true;
            _open.TryAdd(socket, 0);
            _ = ServeAsync(socket);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        byte[] buffer = new byte[4096];
        int end = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(end)) is var count and > 0)
            {
                end += count;
                int used = await AnswerAsync(socket, buffer, end);
                buffer.AsSpan(used, end - used).CopyTo(buffer);
                end -= used;
                if (end == buffer.Length)
                    Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
        catch (ViolationException violation)
        {
            Violations.Enqueue((violation.Message, buffer[..end]));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The proxy gave the connection up, or the run is over.
        }
        finally
        {
            _open.TryRemove(socket, out _);
            socket.Dispose();
        }
    }

    /// <summary>Answers the whole requests in the first <paramref name="end"/> bytes; returns how many bytes those were.</summary>
    private async ValueTask<int> AnswerAsync(Socket socket, byte[] buffer, int end)
    {
        int used = 0;
        while (ForwardedRequest.Read(buffer.AsSpan(used, end - used)) is { } request)
        {
            used += request.Length;
            Interlocked.Increment(ref _answered);
            await socket.SendAsync(Take(request));
        }

        return used;
    }

    private byte[] Take(ForwardedRequest request)
    {
        var seen = new SeenRequest(_log?.NextId() ?? 1, request.Method, SeenRequest.Reduce(request.Target), request.Body);
        _log?.Add(request.Client, seen);
        string view = seen.ToString();
        string head = $"HTTP/1.1 200 OK\r\n{SeenRequest.IdField}: {seen.Id}\r\nContent-Length: {view.Length}\r\n\r\n";
        return Encoding.Latin1.GetBytes(request.Method == "HEAD" ? head : head + view);
    }
}
