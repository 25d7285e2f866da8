using System.IO.Pipelines;
using Headgate.Proxy.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Headgate.Proxy.Http2;

/// <summary>Tells the protocol of a clear-text connection by its first bytes (RFC 9113 §3.4), leaving them unread.</summary>
internal static class Http2Preface
{
    /// <summary>Enough of the preface to be sure: no HTTP/1 method is called PRI.</summary>
    public static ReadOnlySpan<byte> Start => "PRI * HTTP/2.0\r\n"u8;

    /// <summary>
    /// Waits for the first bytes, at most <paramref name="timeout"/>. False for HTTP/1 and for a connection that ended: the codec deals with both.
    /// </summary>
    public static async ValueTask<bool> IsNextAsync(ConnectionContext context, DeadlineWheel deadlines, TimeSpan timeout)
    {
        PipeReader reader = context.Transport.Input;
        var deadline = new AbortAtDeadline(context) { DeadlineMs = deadlines.NowMs + (long)timeout.TotalMilliseconds };
        deadlines.Add(deadline);
        CancellationToken closing = context.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        await using CancellationTokenRegistration stop = closing.UnsafeRegister(static target => ((AbortAtDeadline)target!).OnDeadline(), deadline);
        try
        {
            while (true)
            {
                ReadResult result = await reader.ReadAsync();
                bool? answer = Judge(result.Buffer.FirstSpan) ?? (result.IsCompleted ? false : null);
                reader.AdvanceTo(result.Buffer.Start, answer is null ? result.Buffer.End : result.Buffer.Start);
                if (answer is not null)
                    return answer.Value;
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            return false;
        }
        finally
        {
            deadlines.Remove(deadline);
        }
    }

    /// <summary>Whether a connection that begins with these bytes speaks HTTP/2; null while it can be either.</summary>
    public static bool? Judge(ReadOnlySpan<byte> first)
    {
        if (first.IsEmpty)
            return null;
        int length = Math.Min(first.Length, Start.Length);
        if (!first[..length].SequenceEqual(Start[..length]))
            return false;
        return length == Start.Length ? true : null;
    }

    private sealed class AbortAtDeadline(ConnectionContext context) : IDeadlineTarget
    {
        public long DeadlineMs { get; init; }

        public void OnDeadline() => context.Abort(new ConnectionAbortedException("no request in time"));
    }
}
