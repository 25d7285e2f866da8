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
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    public async ValueTask<AttemptFailure> TryAsync(Exchange exchange, ForwardPlan plan, EndpointState endpoint)
    {
        for (bool fresh = false; ; fresh = true)
        {
            RentResult rent = await _connections.RentAsync(endpoint, plan.Upstream.Profile, plan.Timeouts, fresh);
            if (rent.Connection is not { } connection)
                return rent.Failure;

            bool kept = connection.Requests > 1;
            AttemptFailure failure = await UseAsync(exchange, plan, connection);
            bool stale = kept && failure is AttemptFailure.ClosedBeforeAnswer or AttemptFailure.SendFailed;
            if (!stale || exchange.HasAnswer || exchange.IsClientGone || !RetryRules.MayRepeat(exchange))
                return failure;
        }
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<AttemptFailure> UseAsync(Exchange exchange, ForwardPlan plan, NodeConnection connection)
    {
        TransportConnection node = connection.Transport;
        bool reusable = false;
        try
        {
            if (!exchange.Link(node))
                return AttemptFailure.ClientFailed;

            AttemptFailure failure = await SendAsync(exchange, plan, connection);
            if (failure == AttemptFailure.None)
                failure = await ReadHeadAsync(exchange, plan, connection);
            if (failure != AttemptFailure.None)
                return failure;

            // A node that answers before it has the body may never read it as one: what follows of it would be a request to that node, whose answer the next client
            // would get (CL.0 and pause-based desync). The connection serves nobody after this.
            bool hasAll = exchange.Upload.State is UploadState.None or UploadState.Sent;
            exchange.Tries.Add(connection.Response.Status);
            failure = connection.Response.Status == 101
                ? await TunnelAsync(exchange, plan, node, connection.Response)
                : await RelayAsync(exchange, plan, connection);
            reusable = failure == AttemptFailure.None && connection.Response.KeepAlive && connection.Response.Status != 101 && hasAll;
            return failure;
        }
        finally
        {
            (node.DeadlineMs, node.WriteDeadlineMs) = (0, 0);
            reusable &= exchange.Unlink();
            exchange.Upload.LeaveNode();
            _connections.Return(connection, reusable);
        }
    }

    /// <summary>Writes the head and either sends it, or starts to send it together with the body.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private static async ValueTask<AttemptFailure> SendAsync(Exchange exchange, ForwardPlan plan, NodeConnection connection)
    {
        TransportConnection node = connection.Transport;
        WriteHead(exchange, plan, node);
        if (exchange.Request.Framing != BodyFraming.None)
        {
            await exchange.ContinueAsync();
            await exchange.Upload.Completion; // of an earlier try; it has ended
#pragma warning disable CA2012 // Kept, and awaited once: by the next try or at the end of the request.
            exchange.Upload.Completion = exchange.Upload.RunAsync(exchange, node, plan.Timeouts, plan.KeepsBody);
#pragma warning restore CA2012
            return AttemptFailure.None;
        }

        node.SetWriteDeadline(plan.Timeouts.Send);
        bool taken = await node.FlushAsync();
        node.WriteDeadlineMs = 0;
        if (!taken)
            return Failure(node, AttemptFailure.SendFailed, AttemptFailure.SendTimeout);
        node.SetReadDeadline(plan.Timeouts.Read);
        return AttemptFailure.None;
    }

    private static void WriteHead(Exchange exchange, ForwardPlan plan, TransportConnection node)
    {
        RequestHead request = exchange.Request;
        var forwarding = new RequestForwarding
        {
            Host = plan.HostHeader(request),
            ClientAddress = exchange.ClientAddressText,
            ForwardedProto = exchange.Scheme,
            ForwardedHost = request.Host,
            ForwardedPort = request.HostPort > 0 ? request.HostPort : exchange.ServerPort,
            Framing = request.Framing,
            ContentLength = request.ContentLength,
            Upgrade = plan.Upgrades,
        };
        Span<byte> span = node.GetSpan(HeadWriter.RequestSizeMax(request, forwarding));
        node.Advance(HeadWriter.WriteRequest(span, request, forwarding));
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<AttemptFailure> ReadHeadAsync(Exchange exchange, ForwardPlan plan, NodeConnection connection)
    {
        TransportConnection node = connection.Transport;
        ResponseHead response = connection.Response;
        for (int interim = 0; ;)
        {
            HeadResult result = HeadParser.ParseResponse(node.Unread, exchange.Request.MethodKind, response, _limits);
            if (result.Status == HeadStatus.Complete)
            {
                node.Consume(result.Consumed);
                if (response.Status >= 200 || (response.Status == 101 && plan.Upgrades && response.IsUpgrade))
                    return AttemptFailure.None;
                if (response.Status == 101 || ++interim > InterimMax)
                    return AttemptFailure.BadAnswer;
                continue;
            }

            if (result.Status == HeadStatus.Bad)
                return AttemptFailure.BadAnswer;
            ReadOutcome outcome = await node.ReadAsync();
            if (outcome == ReadOutcome.End)
                return AttemptFailure.ClosedBeforeAnswer;
            if (outcome == ReadOutcome.Failed)
                return HeadFailure(exchange, node);
        }
    }

    /// <summary>Passes the answer on. Returns once its last byte is written; the client's last flush is the pipeline's.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private static async ValueTask<AttemptFailure> RelayAsync(Exchange exchange, ForwardPlan plan, NodeConnection connection)
    {
        TransportConnection node = connection.Transport;
        ResponseHead response = connection.Response;
        exchange.WriteHead(response);
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
            if (!await exchange.FlushAsync())
                return AttemptFailure.ClientFailed;
            if (exchange.Upload.State != UploadState.Running)
                node.SetReadDeadline(plan.Timeouts.Read);
            ReadOutcome outcome = await node.ReadAsync();
            if (outcome == ReadOutcome.Failed || (outcome == ReadOutcome.End && !decoder.EndOfStream()))
                return exchange.IsClientGone ? AttemptFailure.ClientFailed : AttemptFailure.BrokenAnswer;
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
        await Tunnel.RunAsync(client, node, plan.Timeouts.Read);
        return AttemptFailure.None;
    }

    private static AttemptFailure HeadFailure(Exchange exchange, TransportConnection node) => exchange.Upload.State switch
    {
        UploadState.ClientFailed => AttemptFailure.ClientFailed,
        UploadState.Running => Failure(node, AttemptFailure.ClosedBeforeAnswer, AttemptFailure.SendTimeout),
        _ => Failure(node, AttemptFailure.ClosedBeforeAnswer, AttemptFailure.ReadTimeout),
    };

    private static AttemptFailure Failure(TransportConnection node, AttemptFailure broken, AttemptFailure timedOut) => node.EndCause switch
    {
        EndCause.Deadline => timedOut,
        EndCause.NotNeeded => AttemptFailure.ClientFailed,
        _ => broken,
    };
}
