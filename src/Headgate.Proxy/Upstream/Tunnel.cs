using System.Runtime.CompilerServices;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Upstream;

/// <summary>Passes bytes both ways between two connections after a switch of protocols, until either side ends.</summary>
internal static class Tunnel
{
    /// <summary>
    /// Runs until one side ends or nothing was sent in either direction for <paramref name="idle"/>; then both are closed.
    /// Bytes that a side sent before it ended are delivered.
    /// </summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder))]
    public static async ValueTask RunAsync(Exchange exchange, TransportConnection client, TransportConnection node, TimeSpan idle)
    {
        ValueTask up = PumpAsync(exchange, client, node, isUp: true, idle);
        await PumpAsync(exchange, node, client, isUp: false, idle);
        await up;
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder))]
    private static async ValueTask PumpAsync(Exchange exchange, TransportConnection from, TransportConnection to, bool isUp, TimeSpan idle)
    {
        do
        {
            if (!from.Unread.IsEmpty)
            {
                Http1.BodyWriter.Write(to, from.Unread, chunked: false);
                if (isUp)
                    exchange.BytesReceived += from.Unread.Length;
                else
                    exchange.BodyBytesSent += from.Unread.Length;
                from.Consume(from.Unread.Length);
                if (!await to.FlushAsync())
                    break;
            }

            // Traffic in one direction keeps both alive.
            from.SetReadDeadline(idle);
            to.SetReadDeadline(idle);
        }
        while (await from.ReadAsync() == ReadOutcome.Data);

        // In order, so that what was sent last (a close frame, usually) still arrives.
        from.Finish(EndCause.NotNeeded);
        to.Finish(EndCause.NotNeeded);
    }
}
