using System.Net.Sockets;
using Headgate.Proxy.Plugins.Loggers;

namespace Headgate.Proxy.Plugins.Syslog;

/// <summary>Sends entries by UDP, a datagram each without the line feed (RFC 5426). What is lost on the way nobody knows.</summary>
internal sealed class DatagramSink(SyslogConfig config) : ILogSink
{
    // What fits into a datagram of IPv4; a longer entry is cut off, as RFC 5426 §3.2 lets receivers do.
    private const int BytesMax = 65_507;

    /// <inheritdoc/>
    public string Name => $"syslog udp {config.Host}:{config.Port}";

    /// <inheritdoc/>
    public async ValueTask<string?> SendAsync(ReadOnlyMemory<byte> entries, int count, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(config.Timeout);
        try
        {
            // A completion may run on a thread that serves traffic.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            using var socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(config.Host, config.Port, timeout.Token);
            while (!entries.IsEmpty)
            {
                int length = entries.Span.IndexOf((byte)'\n');
                await socket.SendAsync(entries[..Math.Min(length, BytesMax)], timeout.Token);
                entries = entries[(length + 1)..];
            }

            return null;
        }
        catch (SocketException error)
        {
            return error.Message;
        }
        catch (OperationCanceledException)
        {
            return $"not sent within {config.Timeout.TotalMilliseconds:0} ms";
        }
        finally
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
    }
}
