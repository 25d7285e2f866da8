using System.IO.Pipelines;
using Headgate.Proxy.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Headgate.Proxy.Fronts;

/// <summary>Looks at the first bytes of one of Kestrel's connections and leaves them unread.</summary>
internal static class FirstInput
{
    /// <summary>
    /// Waits until <paramref name="judge"/> can tell, at most <paramref name="timeout"/>. False for a connection that ended before: who serves it deals with that.
    /// </summary>
    /// <param name="context">The connection.</param>
    /// <param name="deadlines">Watches the time.</param>
    /// <param name="timeout">After it the connection is aborted, as it is when the gateway stops meanwhile.</param>
    /// <param name="judge">What all bytes so far say; null = not enough of them. Some are enough.</param>
    public static async ValueTask<bool> HoldsAsync(ConnectionContext context, DeadlineWheel deadlines, TimeSpan timeout, Func<ReadOnlySpan<byte>, bool?> judge)
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
                bool? answer = judge(result.Buffer.FirstSpan) ?? (result.IsCompleted ? false : null);
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

    private sealed class AbortAtDeadline(ConnectionContext context) : IDeadlineTarget
    {
        public long DeadlineMs { get; init; }

        public void OnDeadline() => context.Abort(new ConnectionAbortedException("no request in time"));
    }
}
