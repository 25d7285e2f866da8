using System.Diagnostics;
using System.Runtime.CompilerServices;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Upstream;

/// <summary>
/// One try: sends a request to one endpoint and passes its answer on to the client. Everything that can go wrong is a value; whether another node is tried
/// is the pipeline's decision.
/// </summary>
public sealed class Forwarder
{
    /// <summary>Interim answers (1xx) dropped before the final one; more is a node that plays games.</summary>
    private const int InterimMax = 8;

    /// <summary>A head whose body is no longer than this is worth waiting a moment with: most nodes write one after the other, and two sends cost twice as much.</summary>
    internal const int RestSoonMax = 16_384;

    private readonly NodeConnections _connections;
    private readonly HeadLimits _limits;

    /// <summary>Makes the forwarder. <paramref name="limits"/> bound the heads of nodes' answers.</summary>
    public Forwarder(NodeConnections connections, HeadLimits limits)
    {
        _connections = connections;
        _limits = limits;
    }

    /// <summary>
    /// Runs the try. <see cref="AttemptFailure.None"/>: the answer is written, its last bytes not yet flushed. A kept connection that turns out to be closed is
    /// replaced by a fresh one within the same try when nothing was answered and the request may be repeated (RFC 9112 §9.3.1).
    /// </summary>
    public ValueTask<AttemptFailure> TryAsync(Exchange exchange, ForwardPlan plan, EndpointState endpoint)
    {
        exchange.Trace?.OnEndpoint(endpoint);
        ValueTask<RentResult> rent = _connections.RentAsync(endpoint, plan.Upstream.Profile, plan.ConnectTimeout, fresh: false);
        if (!rent.IsCompletedSuccessfully)
            return OpenAndUseAsync(exchange, plan, endpoint, rent);
        (NodeConnection? connection, AttemptFailure failure) = rent.Result;
        return connection is null ? new ValueTask<AttemptFailure>(failure) : UseAsync(exchange, plan, connection);
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<AttemptFailure> OpenAndUseAsync(Exchange exchange, ForwardPlan plan, EndpointState endpoint, ValueTask<RentResult> opening)
    {
        RentResult rent;
        endpoint.Node.BeginTry();
        try
        {
            rent = await opening;
        }
        finally
        {
            endpoint.Node.EndTry();
        }

        return rent.Connection is { } connection ? await UseAsync(exchange, plan, connection) : rent.Failure;
    }

    // The way of almost every request, and one wait: what it calls completes at once or waits for something rare. Each method that waits costs as much as a look-up.
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<AttemptFailure> UseAsync(Exchange exchange, ForwardPlan plan, NodeConnection connection)
    {
        TransportConnection node = connection.Transport;
        bool kept = connection.Requests > 1;
        bool ended = false;
        bool reusable = false;
        AttemptFailure failure;
        long begun = Stopwatch.GetTimestamp();
        exchange.Trace?.OnConnected(connection.Endpoint, kept ? 0 : Stopwatch.GetTimestamp());
        connection.Endpoint.Node.BeginTry();
        try
        {
            failure = exchange.Link(node) ? await SendAsync(exchange, plan, node) : AttemptFailure.ClientFailed;
            int interim = 0;
            while (failure == AttemptFailure.None && !TryReadHead(exchange, plan, connection, ref interim, out failure))
                failure = HeadFailure(await node.ReadAsync(), exchange, node);
            if (failure == AttemptFailure.None)
            {
                bool hasAll = HasAll(exchange);
                failure = await PassOnAsync(exchange, plan, connection, begun);
                reusable = hasAll && IsReusable(failure, connection.Response);
            }
        }
        finally
        {
            connection.Endpoint.Node.EndTry();
            (node.DeadlineMs, node.WriteDeadlineMs) = (0, 0);
            ended = node.EndCause != EndCause.None;
            reusable &= exchange.Unlink();
            exchange.Upload.LeaveNode();
            _connections.Return(connection, reusable);
        }

        // What this side has ended (the node is being drained) was not stale: another node is asked, not this one again.
        bool stale = kept && !ended && failure is AttemptFailure.ClosedBeforeAnswer or AttemptFailure.SendFailed;
        if (!stale || exchange.HasAnswer || exchange.IsClientGone || !RetryRules.MayRepeat(exchange, plan.Upstream.Config.Retry))
            return failure;
        EndpointState endpoint = connection.Endpoint;
        exchange.Retries.OnSentAgain(plan.Upstream);
        return await OpenAndUseAsync(exchange, plan, endpoint, _connections.RentAsync(endpoint, plan.Upstream.Profile, plan.ConnectTimeout, fresh: true));
    }

    /// <summary>
    /// The first half of a try of which there may be several at once, for a request without a body: sends it to one endpoint and waits for the head of the answer. Of the request it touches
    /// what is only read, and that from <see cref="HedgedTry.TryAsk"/> on. <paramref name="fresh"/> = not on a kept connection.
    /// </summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    internal async ValueTask<AskedNode> AskAsync(Exchange exchange, ForwardPlan plan, EndpointState endpoint, bool fresh, HedgedTry asking)
    {
        RentResult rent = await _connections.RentAsync(endpoint, plan.Upstream.Profile, plan.ConnectTimeout, fresh);
        if (rent.Connection is not { } connection)
            return new AskedNode(null, rent.Failure);
        TransportConnection node = connection.Transport;
        if (!asking.TryAsk(node))
        {
            _connections.Return(connection, reusable: true); // nothing was sent on it
            return new AskedNode(null, AttemptFailure.Overtaken);
        }

        AttemptFailure failure = await SendAsync(exchange, plan, node);
        int interim = 0;
        while (failure == AttemptFailure.None && !TryReadHead(exchange, plan, connection, ref interim, out failure))
            failure = HeadFailure(await node.ReadAsync(), exchange, node);
        if (failure == AttemptFailure.None)
            return new AskedNode(connection, failure);
        bool isStale = connection.Requests > 1 && node.EndCause == EndCause.None && failure is AttemptFailure.ClosedBeforeAnswer or AttemptFailure.SendFailed;
        Close(connection);
        return new AskedNode(null, failure, isStale);
    }

    /// <summary>The second half: passes the answer on whose head <see cref="AskAsync"/> has read, and gives the connection back. <paramref name="begun"/>: when the request was sent.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    internal async ValueTask<AttemptFailure> AnswerAsync(Exchange exchange, ForwardPlan plan, NodeConnection connection, long begun)
    {
        bool reusable = false;
        try
        {
            AttemptFailure failure = exchange.Link(connection.Transport) ? await PassOnAsync(exchange, plan, connection, begun) : AttemptFailure.ClientFailed;
            reusable = IsReusable(failure, connection.Response);
            return failure;
        }
        finally
        {
            (connection.Transport.DeadlineMs, connection.Transport.WriteDeadlineMs) = (0, 0);
            reusable &= exchange.Unlink();
            _connections.Return(connection, reusable);
        }
    }

    /// <summary>Ends a connection whose answer nobody takes.</summary>
    internal void Close(NodeConnection connection)
    {
        (connection.Transport.DeadlineMs, connection.Transport.WriteDeadlineMs) = (0, 0);
        _connections.Return(connection, reusable: false);
    }

    /// <summary>The head of the final answer is here: drops the answer when another try follows, else passes it on.</summary>
    private static ValueTask<AttemptFailure> PassOnAsync(Exchange exchange, in ForwardPlan plan, NodeConnection connection, long begun)
    {
        ResponseHead response = connection.Response;
        exchange.Tries.Add(response.Status);
        exchange.Trace?.OnHead(plan.Node.State);
        NodeTries.OnAnswer(exchange, plan.Upstream, connection, begun);
        return exchange.Retries.Drops(exchange, plan.Upstream, plan.Node.State, response) ? AnswerDrop.RunAsync(connection)
            : response.Status == 101 ? TunnelAsync(exchange, plan, connection.Transport, response)
            : RelayHeadAsync(exchange, plan, connection);
    }

    /// <summary>
    /// A node that answers before it has the body may never read it as one: what follows of it would be a request to that node, whose answer the next client would get (CL.0
    /// and pause-based desync). The connection serves nobody after this.
    /// </summary>
    private static bool HasAll(Exchange exchange) => exchange.Upload.State is UploadState.None or UploadState.Sent;

    private static bool IsReusable(AttemptFailure failure, ResponseHead response) =>
        failure is AttemptFailure.None or AttemptFailure.AnswerDropped && response.KeepAlive && response.Status != 101;

    /// <summary>Writes the head and either sends it, or starts to send it together with the body.</summary>
    private static ValueTask<AttemptFailure> SendAsync(Exchange exchange, ForwardPlan plan, TransportConnection node)
    {
        WriteHead(exchange, plan, node);
        if (exchange.Request.Framing != BodyFraming.None)
            return StartUploadAsync(exchange, plan, node);
        ValueTask<bool> flush = node.FlushWithinAsync(plan.SendTimeout);
        return flush.IsCompletedSuccessfully ? new ValueTask<AttemptFailure>(AwaitAnswer(flush.Result, plan, node)) : AwaitFlushAsync(flush, plan, node);
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private static async ValueTask<AttemptFailure> AwaitFlushAsync(ValueTask<bool> flush, ForwardPlan plan, TransportConnection node) =>
        AwaitAnswer(await flush, plan, node);

    /// <summary>The request is out, or not: from here on the node's time to answer runs.</summary>
    private static AttemptFailure AwaitAnswer(bool taken, ForwardPlan plan, TransportConnection node)
    {
        if (!taken)
            return Failure(node, AttemptFailure.SendFailed, AttemptFailure.SendTimeout);
        node.SetReadDeadline(plan.AnswerTimeout);
        return AttemptFailure.None;
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private static async ValueTask<AttemptFailure> StartUploadAsync(Exchange exchange, ForwardPlan plan, TransportConnection node)
    {
        await exchange.ContinueAsync();
        await exchange.Upload.Completion; // of an earlier try; it has ended
#pragma warning disable CA2012 // Kept, and awaited once: by the next try or at the end of the request.
        exchange.Upload.Completion = exchange.Upload.RunAsync(exchange, node, plan.Timeouts.Send, plan.AnswerTimeoutAfterBody, plan.BodyKeptMax);
#pragma warning restore CA2012
        return AttemptFailure.None;
    }

    private static void WriteHead(Exchange exchange, ForwardPlan plan, TransportConnection node)
    {
        RequestHead request = exchange.Request;
        var forwarding = new RequestForwarding
        {
            Host = plan.HostHeader(exchange),
            ClientAddress = exchange.ClientAddressText,
            ForwardedProto = exchange.Scheme,
            ForwardedHost = request.Host,
            ForwardedPort = request.HostPort > 0 ? request.HostPort : exchange.ServerPort,
            Framing = request.Framing,
            ContentLength = request.ContentLength,
            Upgrade = plan.Upgrades,
            Edits = plan.Upstream.Policies?.Headers,
            PluginEdits = exchange.Plugins?.Forwarded,
        };
        Span<byte> span = node.GetSpan(HeadWriter.RequestSizeMax(request, forwarding));
        node.Advance(HeadWriter.WriteRequest(span, request, forwarding));
    }

    /// <summary>Parses the final head from what was received; false when there is not enough of it, or <paramref name="failure"/> says what is wrong.</summary>
    private bool TryReadHead(Exchange exchange, ForwardPlan plan, NodeConnection connection, ref int interim, out AttemptFailure failure)
    {
        TransportConnection node = connection.Transport;
        ResponseHead response = connection.Response;
        failure = AttemptFailure.None;
        while (true)
        {
            HeadResult result = HeadParser.ParseResponse(node.Unread, exchange.Request.MethodKind, response, _limits);
            if (result.Status == HeadStatus.Incomplete)
                return false;
            if (result.Status == HeadStatus.Complete)
            {
                node.Consume(result.Consumed);
                if (response.Status >= 200 || (response.Status == 101 && plan.Upgrades && response.IsUpgrade))
                    return true;
            }

            if (result.Status == HeadStatus.Bad || response.Status == 101 || ++interim > InterimMax)
            {
                failure = AttemptFailure.BadAnswer;
                return true;
            }
        }
    }

    private static ValueTask<AttemptFailure> RelayHeadAsync(Exchange exchange, in ForwardPlan plan, NodeConnection connection)
    {
        exchange.WriteHead(connection.Response);
        return exchange.ChangedBody is { } changed ? ChangedRelay.RunAsync(exchange, plan, connection, changed) : RelayAsync(exchange, plan, connection);
    }

    /// <summary>What it is when a node's answer ends too early: a client that is gone has broken it off itself, and a head that has not left yet can be taken back.</summary>
    internal static AttemptFailure CutShort(Exchange exchange) =>
        exchange.IsClientGone ? AttemptFailure.ClientFailed : exchange.TryTakeBackHead() ? AttemptFailure.ClosedBeforeAnswer : AttemptFailure.BrokenAnswer;

    /// <summary>Passes the body on, as it is. Returns once its last byte is written; the client's last flush is the pipeline's.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private static async ValueTask<AttemptFailure> RelayAsync(Exchange exchange, ForwardPlan plan, NodeConnection connection)
    {
        TransportConnection node = connection.Transport;
        ResponseHead response = connection.Response;
        BodyDecoder decoder = default;
        decoder.Start(response.Framing, response.ContentLength);
        while (true)
        {
            BodyStep step = decoder.Next(node.Unread, out int skip, out int take);
            switch (step)
            {
                case BodyStep.Data:
                    exchange.WriteBody(node.Unread.Slice(skip, take));
                    break;
                case BodyStep.Trailers:
                    exchange.WriteTrailers(node.Unread.Slice(skip, take));
                    break;
                case BodyStep.Bad:
                    return AttemptFailure.BrokenAnswer;
            }

            node.Consume(skip + take);
            if (step == BodyStep.End)
            {
                exchange.EndBody();
                return AttemptFailure.None;
            }

            if (step != BodyStep.NeedMore)
                continue;
            node.DeadlineMs = 0; // a slow client is not the node's fault
            bool restIsClose = decoder.KnownLeft is > 0 and <= RestSoonMax;
            if (!(restIsClose && exchange.TryFlushSoon()) && !await exchange.FlushAsync())
                return AttemptFailure.ClientFailed;
            if (exchange.Upload.State != UploadState.Running)
                node.SetReadDeadline(plan.Timeouts.Read);
            ReadOutcome outcome = await node.ReadAsync();
            if (outcome == ReadOutcome.Failed || (outcome == ReadOutcome.End && !decoder.EndOfStream()))
                return CutShort(exchange);
            if (outcome == ReadOutcome.End)
            {
                exchange.EndBody();
                return AttemptFailure.None;
            }
        }
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private static async ValueTask<AttemptFailure> TunnelAsync(Exchange exchange, ForwardPlan plan, TransportConnection node, ResponseHead response)
    {
        exchange.WriteHead(response);
        if (!await exchange.FlushAsync() || exchange.TakeTunnel() is not { } client)
            return AttemptFailure.ClientFailed;
        await Tunnel.RunAsync(exchange, client, node, plan.Timeouts.Read);
        return AttemptFailure.None;
    }

    /// <summary>What it means that a read of the head came out so; <see cref="AttemptFailure.None"/>: there is more of it.</summary>
    private static AttemptFailure HeadFailure(ReadOutcome outcome, Exchange exchange, TransportConnection node) => outcome switch
    {
        ReadOutcome.Data => AttemptFailure.None,
        ReadOutcome.End => AttemptFailure.ClosedBeforeAnswer,
        _ => exchange.Upload.State switch
        {
            UploadState.ClientFailed => AttemptFailure.ClientFailed,
            UploadState.Running => Failure(node, AttemptFailure.ClosedBeforeAnswer, AttemptFailure.SendTimeout),
            _ => Failure(node, AttemptFailure.ClosedBeforeAnswer, AttemptFailure.ReadTimeout),
        },
    };

    private static AttemptFailure Failure(TransportConnection node, AttemptFailure broken, AttemptFailure timedOut) => node.EndCause switch
    {
        EndCause.Deadline => timedOut,
        EndCause.NotNeeded => AttemptFailure.ClientFailed,
        _ => broken,
    };
}
