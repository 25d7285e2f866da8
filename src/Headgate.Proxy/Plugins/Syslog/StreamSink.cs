using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Headgate.Proxy.Plugins.Loggers;

namespace Headgate.Proxy.Plugins.Syslog;

/// <summary>
/// Sends entries by TCP, plain or in TLS, each ended by its line feed (RFC 6587 §3.4.2, as APISIX sends them): entries have no other. The connection is kept for as long as entries keep
/// coming, opened anew when the server has closed it, and after a failure only when some time has passed: entries wait for it.
/// </summary>
#pragma warning disable CA1001 // Its queue lets it rest before anybody forgets it.
internal sealed class StreamSink(SyslogConfig config, TimeProvider time, CancellationToken stopping) : ILogSink
#pragma warning restore CA1001
{
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(10);

    private Stream? _stream;
    private Task _ending = Task.CompletedTask;
    private TimeSpan _backOff;

    /// <inheritdoc/>
    public string Name => $"syslog {(config.IsTls ? "tls" : "tcp")} {config.Host}:{config.Port}";

    /// <inheritdoc/>
    public async ValueTask<string?> SendAsync(ReadOnlyMemory<byte> entries, int count, CancellationToken cancellationToken)
    {
        // A completion may run on a thread that serves traffic.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (_backOff > TimeSpan.Zero)
            await Task.Delay(_backOff, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        string? problem = await TrySendAsync(entries, cancellationToken);
        if (problem is not null)
        {
            Rest();
            _backOff = _backOff == TimeSpan.Zero ? FirstBackOff : TimeSpan.FromTicks(Math.Min(_backOff.Ticks * 2, LongestBackOff.Ticks));
        }
        else
        {
            _backOff = TimeSpan.Zero;
        }

        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return problem;
    }

    /// <inheritdoc/>
    public void Rest()
    {
        _stream?.Dispose();
        _stream = null;
    }

    private async ValueTask<string?> TrySendAsync(ReadOnlyMemory<byte> entries, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(config.Timeout);
        try
        {
            if (_ending.IsCompleted)
                Rest();
            if (_stream is null)
            {
                _stream = await ConnectAsync(timeout.Token);
                _ending = WaitForEndAsync(_stream);
            }

            await _stream.WriteAsync(entries, timeout.Token);
            return null;
        }
        catch (Exception error) when (error is IOException or SocketException or AuthenticationException or ObjectDisposedException)
        {
            return error.Message;
        }
        catch (OperationCanceledException)
        {
            return $"not sent within {config.Timeout.TotalMilliseconds:0} ms";
        }
    }

    private async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        Stream stream = Stream.Null;
        try
        {
            await socket.ConnectAsync(config.Host, config.Port, cancellationToken);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (!config.IsTls)
                return stream;
            var tls = new SslStream(stream);
            stream = tls;
            var options = new SslClientAuthenticationOptions { TargetHost = config.Host };
#pragma warning disable CA5359 // As APISIX, which has no field for it.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
            await tls.AuthenticateAsClientAsync(options, cancellationToken);
            return tls;
        }
        catch
        {
            await stream.DisposeAsync();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A server says nothing; when it closes, what would be written next would be lost without a word.</summary>
    private static async Task WaitForEndAsync(Stream stream)
    {
        byte[] dropped = new byte[256];
        try
        {
            while (await stream.ReadAsync(dropped) > 0)
            {
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Its end, too.
        }
    }
}
