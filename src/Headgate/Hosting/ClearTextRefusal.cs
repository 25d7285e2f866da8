using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Headgate.Hosting;

/// <summary>Tells who speaks HTTP in clear text where TLS is spoken what is wrong; the handshake could not.</summary>
internal static class ClearTextRefusal
{
    /// <summary>How long a client may be silent before its handshake; Kestrel gives the handshake as much.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static ReadOnlySpan<byte> Answer =>
        "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 74\r\nConnection: close\r\n\r\n{\"error_msg\":\"this port speaks HTTPS, and the request came in plain HTTP\"}"u8;

    /// <summary>A connection middleware before TLS.</summary>
    public static async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        CancellationToken stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        bound.CancelAfter(Patience);
        try
        {
            if (await IsClearTextAsync(connection.Transport.Input, bound.Token))
            {
                await connection.Transport.Output.WriteAsync(Answer.ToArray(), bound.Token);
                return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return; // silent, gone, or in the way of a stop
        }

        await next(connection);
    }

    /// <summary>A request begins with a letter, of its method; every TLS record with a type below 32. What was looked at stays unread.</summary>
    private static async ValueTask<bool> IsClearTextAsync(PipeReader input, CancellationToken cancellationToken)
    {
        ReadResult read = await input.ReadAsync(cancellationToken);
        bool isLetter = !read.Buffer.IsEmpty && char.IsAsciiLetter((char)read.Buffer.FirstSpan[0]);
        input.AdvanceTo(isLetter ? read.Buffer.End : read.Buffer.Start);
        return isLetter;
    }
}
