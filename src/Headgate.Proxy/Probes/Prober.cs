using System.Net;
using System.Runtime.CompilerServices;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Probes;

/// <summary>
/// Runs one probe: a connection of its own or the one of the last probe, for http and https one request and the head of its answer. Runs wherever it is called: on the
/// probes' event loop, where most take a shorter way (<see cref="ProbeSteps"/>), else on the thread pool. Thread-safe.
/// </summary>
internal sealed class Prober(INodeConnector connector, ProbeSteps? steps, EndpointResolver resolver, HeadLimits limits, TimeProvider time)
{
    /// <summary>Interim answers (1xx) passed over before the final one.</summary>
    private const int InterimMax = 8;

    /// <summary>Bytes written at a time.</summary>
    private const int PieceBytes = 16_384;

    /// <summary>A body above this is not read for the sake of keeping the connection.</summary>
    private const int BodyBytesMax = 65_536;

    private readonly GrpcProber _grpc = new(time);

    // Parsing and taking the facts out is one step without a wait, so a thread needs no more than one.
    [ThreadStatic]
    private static ResponseHead? parsed;

    /// <summary>Never throws for anything that a node or the network does.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    public async ValueTask<HealthFinding> RunAsync(ProbedNode node)
    {
        if (node.TakeKept() is { } kept)
        {
            HealthFinding finding = await AskAsync(kept, node, node.KeptTo!);

            // A node may close a connection that it has left idle at any time: that says nothing about its health.
            if (finding.Failure is not (AttemptFailure.SendFailed or AttemptFailure.ClosedBeforeAnswer))
                return finding;
        }

        return await OpenAndAskAsync(node);
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<HealthFinding> OpenAndAskAsync(ProbedNode node)
    {
        ActiveCheckConfig checks = node.Upstream.Plan.Checks;
        NodeState state = node.State;
        if (state.Endpoints.Count == 0 && !await resolver.ResolveNowAsync(state, checks.Timeout))
            return new HealthFinding(AttemptFailure.Unresolved, 0);

        // As a request would: addresses that cannot be connected to are passed over, the node is reachable while one can.
        var finding = new HealthFinding(AttemptFailure.Unresolved, 0);
        for (int left = state.Endpoints.Count; left > 0 && state.NextEndpoint() is { } endpoint; left--)
        {
            EndpointState target = checks.Port is { } port ? new EndpointState(state, new IPEndPoint(endpoint.Address.Address, port)) : endpoint;
            finding = checks.Type == HealthCheckType.Grpc ? await _grpc.RunAsync(node, target.Address) : await AskAtAsync(target, node, endpoint);
            if (finding.Failure is not (AttemptFailure.Refused or AttemptFailure.Unreachable or AttemptFailure.ConnectTimeout or AttemptFailure.TlsFailed))
                return finding;
        }

        return finding;
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<HealthFinding> AskAtAsync(EndpointState target, ProbedNode node, EndpointState endpoint)
    {
        if (steps is not null && ProbeSteps.Takes(node))
            return await steps.RunAsync(target.Address, node, limits);
        (KeptConnection? connection, AttemptFailure failure) = await connector.OpenAsync(target, node.Upstream.Plan.Profile, node.Upstream.Plan.Checks.Timeout);
        return connection is null ? new HealthFinding(failure, 0) : await AskAsync(connection, node, endpoint);
    }

    /// <summary>Asks on an open connection, and afterwards keeps or releases it.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<HealthFinding> AskAsync(KeptConnection connection, ProbedNode node, EndpointState endpoint)
    {
        ActiveCheckConfig checks = node.Upstream.Plan.Checks;
        bool isReusable = false;
        try
        {
            if (checks.Type == HealthCheckType.Tcp)
                return new HealthFinding(AttemptFailure.None, 0);

            AttemptFailure failure = await SendAsync(connection, node.Request, checks.Timeout);
            if (failure != AttemptFailure.None)
                return new HealthFinding(failure, 0);
            (failure, AnswerHead answer) = await ReadHeadAsync(connection, checks.Method == "HEAD" ? HttpMethod.Head : HttpMethod.Get);
            isReusable = failure == AttemptFailure.None && checks.ReusesConnection && answer.KeepAlive && await DropBodyAsync(connection, answer);
            return new HealthFinding(failure, answer.Status);
        }
        finally
        {
            if (isReusable)
                node.Keep(connection, endpoint);
            else
                connection.Release();
        }
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private static async ValueTask<AttemptFailure> SendAsync(KeptConnection connection, byte[] request, TimeSpan timeout)
    {
        connection.SetReadDeadline(timeout);
        for (int sent = 0; sent < request.Length; sent += PieceBytes)
        {
            int count = Math.Min(PieceBytes, request.Length - sent);
            request.AsSpan(sent, count).CopyTo(connection.GetSpan(count));
            connection.Advance(count);
            if (!await connection.FlushAsync())
                return Broken(connection, AttemptFailure.SendFailed, AttemptFailure.SendTimeout);
        }

        return AttemptFailure.None;
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<(AttemptFailure Failure, AnswerHead Answer)> ReadHeadAsync(KeptConnection connection, HttpMethod method)
    {
        for (int interim = 0; interim <= InterimMax;)
        {
            HeadStatus status = Parse(connection, method, out AnswerHead answer);
            if (status == HeadStatus.Bad)
                break;
            if (status == HeadStatus.Complete)
            {
                if (answer.Status >= 200)
                    return (AttemptFailure.None, answer);
                interim++;
                continue;
            }

            ReadOutcome outcome = await connection.ReadAsync();
            if (outcome == ReadOutcome.End)
                return (AttemptFailure.ClosedBeforeAnswer, default);
            if (outcome != ReadOutcome.Data)
                return (Broken(connection, AttemptFailure.ClosedBeforeAnswer, AttemptFailure.ReadTimeout), default);
        }

        return (AttemptFailure.BadAnswer, default);
    }

    private HeadStatus Parse(KeptConnection connection, HttpMethod method, out AnswerHead answer)
    {
        ResponseHead head = parsed ??= new ResponseHead();
        HeadResult result = HeadParser.ParseResponse(connection.Unread, method, head, limits);
        if (result.Status == HeadStatus.Complete)
            connection.Consume(result.Consumed);
        answer = result.Status == HeadStatus.Complete ? new AnswerHead(head.Status, head.KeepAlive, head.Framing, head.ContentLength) : default;
        return result.Status;
    }

    /// <summary>Whether the connection is at the end of a body that is no longer than worth while.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private static async ValueTask<bool> DropBodyAsync(KeptConnection connection, AnswerHead answer)
    {
        if (answer.Framing == BodyFraming.UntilClose || answer.ContentLength > BodyBytesMax)
            return false;
        BodyDecoder body = default;
        body.Start(answer.Framing, answer.ContentLength);
        for (int dropped = 0; dropped <= BodyBytesMax;)
        {
            BodyStep step = body.Next(connection.Unread, out int skip, out int take);
            if (step == BodyStep.Bad)
                return false;
            connection.Consume(skip + take);
            dropped += skip + take;
            if (step == BodyStep.End)
                return true;
            if (step == BodyStep.NeedMore && await connection.ReadAsync() != ReadOutcome.Data)
                return false;
        }

        return false;
    }

    private static AttemptFailure Broken(KeptConnection connection, AttemptFailure broken, AttemptFailure timedOut) =>
        connection.EndCause == EndCause.Deadline ? timedOut : broken;

    private readonly record struct AnswerHead(int Status, bool KeepAlive, BodyFraming Framing, long ContentLength);
}
