using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Headgate.Tests.Fuzz;

/// <summary>An honest client beside a run: sound requests, each of which must be answered 200 within a bound.</summary>
internal sealed class HealthChecks : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _gateway;
    private readonly Task _running;

    /// <summary>Starts it.</summary>
    public HealthChecks(IPEndPoint gateway)
    {
        _gateway = gateway;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Requests answered 200.</summary>
    public int Answered { get; private set; }

    /// <summary>The slowest answer.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>Ends it; throws what went wrong.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(_running);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        byte[] buffer = new byte[4096];
        while (!_stop.IsCancellationRequested)
        {
            long begin = Stopwatch.GetTimestamp();
            using var bound = new CancellationTokenSource(Bound);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(_gateway, bound.Token);

            // Several on one connection, then a new one: both what is kept and what is accepted must go on.
            for (int i = 0; i < 10 && !_stop.IsCancellationRequested; i++, begin = Stopwatch.GetTimestamp())
            {
                await socket.SendAsync("GET /health HTTP/1.1\r\nHost: health\r\n\r\n"u8.ToArray(), bound.Token);
                int count = await socket.ReceiveAsync(buffer, bound.Token);
                buffer.AsSpan(0, count).StartsWith("HTTP/1.1 200 "u8).ShouldBeTrue();
                Answered++;
                TimeSpan took = Stopwatch.GetElapsedTime(begin);
                Slowest = took > Slowest ? took : Slowest;
                await Task.Delay(5);
            }
        }
    }
}
