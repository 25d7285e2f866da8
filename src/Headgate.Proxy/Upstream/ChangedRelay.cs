using System.Runtime.CompilerServices;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Plugins.Bodies;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Upstream;

/// <summary>
/// Passes a node's answer on whose body plugins change, its head being written: as the forwarder does with all others, but through <see cref="ResponseBody"/>. The node is read only when
/// the client has taken what was made of the bytes before, and not to the end where nobody needs the rest.
/// </summary>
internal static class ChangedRelay
{
    /// <summary>Returns once the last byte is written; the client's last flush is the pipeline's.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    public static async ValueTask<AttemptFailure> RunAsync(Exchange exchange, ForwardPlan plan, NodeConnection connection, ResponseBody body)
    {
        TransportConnection node = connection.Transport;
        ResponseHead response = connection.Response;
        if (!body.NeedsMore)
            return await WithoutNodeAsync(exchange, connection, body);
        BodyDecoder decoder = default;
        decoder.Start(response.Framing, response.ContentLength);
        while (true)
        {
            BodyStep step = decoder.Next(node.Unread, out int skip, out int take);
            if (step == BodyStep.Bad)
                return AttemptFailure.BrokenAnswer;
            if (step == BodyStep.Data)
                body.Write(node.Unread.Slice(skip, take));
            else if (step == BodyStep.Trailers)
                body.HoldTrailers(node.Unread.Slice(skip, take));
            node.Consume(skip + take);
            if (step == BodyStep.End)
                return await EndAsync(exchange, body);
            if (!body.NeedsMore)
            {
                body.IsCut = true;
                node.Abort(EndCause.NotNeeded);
                return await EndAsync(exchange, body);
            }

            if (step != BodyStep.NeedMore)
                continue;
            node.DeadlineMs = 0; // a slow client is not the node's fault
            bool restIsClose = decoder.KnownLeft is > 0 and <= Forwarder.RestSoonMax;
            if (!restIsClose && response.Framing != BodyFraming.Length && !node.HasMore)
                body.Pause();
            if (!(restIsClose && exchange.TryFlushSoon()) && !await exchange.FlushAsync())
                return AttemptFailure.ClientFailed;
            if (exchange.Upload.State != UploadState.Running)
                node.SetReadDeadline(plan.Timeouts.Read);
            ReadOutcome outcome = await node.ReadAsync();
            if (outcome == ReadOutcome.Failed || (outcome == ReadOutcome.End && !decoder.EndOfStream()))
                return Forwarder.CutShort(exchange);
            if (outcome == ReadOutcome.End)
                return await EndAsync(exchange, body);
        }
    }

    /// <summary>Nothing of the node's body is wanted: the client has its answer before the rest of that body, if it is short, is waited for.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private static async ValueTask<AttemptFailure> WithoutNodeAsync(Exchange exchange, NodeConnection connection, ResponseBody body)
    {
        body.IsCut = true;
        AttemptFailure failure = await EndAsync(exchange, body);
        if (failure != AttemptFailure.None || !await exchange.FlushAsync())
            return AttemptFailure.ClientFailed;
        await AnswerDrop.RunAsync(connection);
        return AttemptFailure.None;
    }

    /// <summary>The body is whole: passes on what is left of it, as the client takes it. A body that could not be changed is broken off, which is no fault of the node's.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private static async ValueTask<AttemptFailure> EndAsync(Exchange exchange, ResponseBody body)
    {
        while (!body.End())
        {
            if (!await exchange.FlushAsync())
                return AttemptFailure.ClientFailed;
        }

        if (body.Failure is { } failure)
        {
            exchange.Plugins?.OnBodyFailure(failure);
            return AttemptFailure.ClientFailed;
        }

        if (!body.Trailers.IsEmpty)
            exchange.WriteTrailers(body.Trailers);
        exchange.EndBody();
        return AttemptFailure.None;
    }
}
