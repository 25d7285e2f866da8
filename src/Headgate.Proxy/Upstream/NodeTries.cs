using System.Runtime.CompilerServices;
using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Resilience;
using Headgate.Core.Routing;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Outliers;
using Headgate.Proxy.Probes;
using Headgate.Proxy.Telemetry;
using Headgate.Proxy.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Upstream;

/// <summary>
/// The tries of a request: a node is picked and tried, and others after it until one has answered or none may be tried any more; then the last failure is answered. What
/// each try came to is told to those who judge nodes. One for each <see cref="Forwarder"/>, used on its threads.
/// </summary>
internal sealed class NodeTries
{
    private readonly Forwarder _forwarder;
    private readonly EndpointResolver _resolver;
    private readonly ProxyCounters _counters;
    private readonly HealthMonitor? _health;
    private readonly OutlierMonitor? _outliers;
    private readonly RetryMonitor _retries;
    private readonly HedgedTries _hedged;
    private readonly int _writer;

    /// <summary>
    /// Makes it. <paramref name="writer"/>: as <see cref="RequestTrace.Writer"/>. <paramref name="health"/> and <paramref name="outliers"/>: told how tries ended; null = nobody is. <paramref name="retries"/>: told of retries; null = one that
    /// logs nothing.
    /// </summary>
    public NodeTries(
        Forwarder forwarder, EndpointResolver resolver, DeadlineWheel clock, ProxyCounters counters, HealthMonitor? health = null, OutlierMonitor? outliers = null,
        RetryMonitor? retries = null, int writer = 0)
    {
        _writer = writer;
        _forwarder = forwarder;
        _resolver = resolver;
        Clock = clock;
        _counters = counters;
        _health = health;
        _outliers = outliers;
        _retries = retries ?? new RetryMonitor(counters, NullLogger.Instance, seed: 0);
        _hedged = new HedgedTries(this, forwarder, resolver, clock, _retries);
    }

    /// <summary>Where requests wait.</summary>
    public DeadlineWheel Clock { get; }

    /// <summary>Answers the request from a node of <paramref name="upstream"/>, or says why that cannot be. The last bytes are not flushed yet.</summary>
    public ValueTask RunAsync(Exchange exchange, RouteSnapshot route, UpstreamSnapshot upstream) =>
        upstream.Breaker is null ? TryAsync(exchange, route, upstream) : GuardedAsync(exchange, route, upstream);

    /// <summary>As <see cref="TryAsync(Exchange, RouteSnapshot, UpstreamSnapshot)"/>, for an upstream whose circuit breaker has to let the request through and learns how it ended.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder))]
    private async ValueTask GuardedAsync(Exchange exchange, RouteSnapshot route, UpstreamSnapshot upstream)
    {
        (CircuitBreaker breaker, CircuitBreakerConfig config) = (upstream.Breaker!, upstream.Config.CircuitBreaker!);
        CircuitPass pass = breaker.TryEnter(config, RetryMonitor.NowMs);
        if (pass.IsChange)
            _retries.OnCircuit(upstream, CircuitState.HalfOpen);
        if (!pass.IsAdmitted)
        {
            _retries.OnShortCircuit();
            exchange.RetryAfterSeconds = pass.RetryAfterSeconds;
            exchange.Account?.Refuse("the circuit breaker of the upstream is open");
            exchange.WriteRefusal(503, "the circuit breaker of the upstream is open");
            return;
        }

        bool? succeeded = null;
        try
        {
            await TryAsync(exchange, route, upstream);
            succeeded = exchange.IsClientGone || !exchange.HasAnswer ? null : exchange.Status < 500 && !exchange.Retries.IsBroken;
        }
        finally
        {
            if (breaker.OnEnd(config, pass, succeeded, RetryMonitor.NowMs) is { } state)
                _retries.OnCircuit(upstream, state);
        }
    }

    /// <summary>Tries a node, and others until one has answered or none may be tried any more. Almost every request ends with its first try.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder))]
    private async ValueTask TryAsync(Exchange exchange, RouteSnapshot route, UpstreamSnapshot upstream)
    {
        long begunMs = upstream.MeasuresLatency ? NodeLatency.NowMs : 0;
        exchange.Retries.Begin(upstream, _retries);
        NodeSnapshot? node = PickFirst(exchange, upstream, begunMs, out bool isFull);
        if (isFull)
        {
            node = await PermitWait.ForNodeAsync(exchange, upstream, default, begunMs, Clock, long.MaxValue);
            exchange.Account?.OnWaited(upstream, node);
            begunMs = upstream.MeasuresLatency ? NodeLatency.NowMs : 0;
        }

        if (node is null)
        {
            AnswerWithoutNode(exchange, isFull);
            return;
        }

        if (upstream.Hedging is not null && HedgedTries.MayHedge(exchange, route, upstream))
        {
            await HedgeAsync(exchange, route, upstream, node, begunMs);
            return;
        }

        AttemptFailure failure = await TryNodeAsync(exchange, route, upstream, node);
        OnTryEnd(exchange, route, upstream, node, failure, begunMs);
        if (failure != AttemptFailure.None)
            await RetryAsync(exchange, route, upstream, node, failure, tried: default);
        else if (exchange.Retries.HoldsPlace)
            exchange.Retries.End(exchange, upstream, node.State, failure);
    }

    /// <summary>As the end of <see cref="TryAsync"/>, for a request that may be sent to further nodes while <paramref name="node"/> has not answered.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder))]
    private async ValueTask HedgeAsync(Exchange exchange, RouteSnapshot route, UpstreamSnapshot upstream, NodeSnapshot node, long begunMs)
    {
        HedgeEnd end = await _hedged.RunAsync(exchange, route, upstream, node, begunMs);
        if (end.Failure != AttemptFailure.None)
            await RetryAsync(exchange, route, upstream, end.Node, end.Failure, end.Tried);
        else if (exchange.Retries.HoldsPlace)
            exchange.Retries.End(exchange, upstream, end.Node.State, end.Failure);
    }

    /// <summary>The first try has failed at <paramref name="node"/>: tries others for as long as that is allowed, then answers the last failure.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder))]
    private async ValueTask RetryAsync(Exchange exchange, RouteSnapshot route, UpstreamSnapshot upstream, NodeSnapshot node, AttemptFailure failure, TriedNodes tried)
    {
        RequestRetries retries = exchange.Retries;
        TriedNodes dead = default;
        while (MayFollow(exchange, upstream, node, failure))
        {
            if (retries.DelayMs > 0 && !await BackOffWait.RunAsync(exchange, Clock, retries.DelayMs))
                break;
            tried.Add(node.Index);
            if (RetryRules.IsWithoutWork(failure))
                dead.Add(node.Index);
            long begunMs = upstream.MeasuresLatency ? NodeLatency.NowMs : 0;
            NodeSnapshot? next = PickNext(exchange, upstream, ref tried, dead, begunMs, out bool isFull);
            if (isFull)
            {
                next = await PermitWait.ForNodeAsync(exchange, upstream, tried, begunMs, Clock, retries.EndOn(Clock));
                exchange.Account?.OnWaited(upstream, next);
                begunMs = upstream.MeasuresLatency ? NodeLatency.NowMs : 0;
                if (next is not null && IsWithdrawn(exchange, upstream, next))
                {
                    tried.Add(PassOver(upstream, next));
                    next = PickNext(exchange, upstream, ref tried, dead, begunMs, out _);
                }
            }

            if (next is null)
            {
                failure = AttemptFailure.AnswerDropped; // no further try went wrong
                AnswerWithoutNode(exchange, isFull);
                break;
            }

            node = next;
            failure = await TryNodeAsync(exchange, route, upstream, node);
            OnTryEnd(exchange, route, upstream, node, failure, begunMs);
        }

        retries.End(exchange, upstream, node.State, failure);
    }

    /// <summary>No node can be picked, or none has had a free permit: a request that was tried before ends as that try did.</summary>
    private static void AnswerWithoutNode(Exchange exchange, bool isFull)
    {
        exchange.Account?.Refuse(isFull ? "every node that may be used has as many requests as it takes (max_requests)" : "no node of the upstream may be used");
        if (!exchange.IsClientGone)
            exchange.WriteStandardAnswer(exchange.Tries.Count == 0 ? 503 : exchange.Tries.Last);
    }

    private ValueTask<AttemptFailure> TryNodeAsync(Exchange exchange, RouteSnapshot route, UpstreamSnapshot upstream, NodeSnapshot node)
    {
        if (upstream.Policies is { Sticky: { } sticky })
            exchange.SetCookie = sticky.CookieFor(exchange, node);
        return upstream.Queue is null ? SendAsync(exchange, route, upstream, node) : TryWithPermitAsync(exchange, route, upstream, node);
    }

    /// <summary>The pick has taken a permit of the node; it is given back here, whatever happens, when the last byte of a tunnel has passed at the latest.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<AttemptFailure> TryWithPermitAsync(Exchange exchange, RouteSnapshot route, UpstreamSnapshot upstream, NodeSnapshot node)
    {
        try
        {
            return await SendAsync(exchange, route, upstream, node);
        }
        finally
        {
            upstream.GiveBack(node);
        }
    }

    private ValueTask<AttemptFailure> SendAsync(Exchange exchange, RouteSnapshot route, UpstreamSnapshot upstream, NodeSnapshot node)
    {
        ForwardPlan plan = PlanFor(exchange, route, upstream, node);
        exchange.Trace?.BeginTry(node.State);
        return node.State.SoleEndpoint is { } sole ? _forwarder.TryAsync(exchange, plan, sole) : TryEndpointsAsync(exchange, plan, node.State);
    }

    /// <summary>What the configuration says about a try that begins now.</summary>
    internal static ForwardPlan PlanFor(Exchange exchange, RouteSnapshot route, UpstreamSnapshot upstream, NodeSnapshot node) => new()
    {
        Upstream = upstream,
        Node = node,
        Timeouts = route.Timeout ?? upstream.Timeout,
        Upgrades = route.EnableWebsocket && exchange.Request.IsWebSocketUpgrade,
        Repeats = RetryRules.IsRepeatable(exchange.ForwardedMethodKind, upstream.Config.Retry),
        EndMs = upstream.Config.Retry.PerTryTimeout is { } limit && exchange.Request.Framing == BodyFraming.None ? RetryMonitor.NowMs + (long)limit.TotalMilliseconds : 0,
    };

    /// <summary>A name may stand for addresses that do not all listen (localhost: ::1 and 127.0.0.1): one try of the node goes through them.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<AttemptFailure> TryEndpointsAsync(Exchange exchange, ForwardPlan plan, NodeState node)
    {
        EndpointState? endpoint = node.NextEndpoint();
        if (endpoint is null)
        {
            await _resolver.ResolveNowAsync(node, plan.ConnectTimeout);
            endpoint = node.NextEndpoint();
        }

        if (endpoint is null)
            return AttemptFailure.Unresolved;
        AttemptFailure failure = await _forwarder.TryAsync(exchange, plan, endpoint);
        for (int others = node.Endpoints.Count - 1; others > 0 && RetryRules.IsBeforeConnection(failure) && !exchange.IsClientGone; others--)
        {
            if (node.NextEndpoint() is { } other && other != endpoint)
                failure = await _forwarder.TryAsync(exchange, plan, other);
        }

        return failure;
    }

    private static NodeSnapshot? PickFirst(Exchange exchange, UpstreamSnapshot upstream, long nowMs, out bool isFull)
    {
        TriedNodes none = default;
        var context = new PickContext(ref none, exchange) { NowMs = nowMs };
        NodeSnapshot? node = upstream.Pick(ref context);
        isFull = node is null && context.IsFull;
        exchange.Account?.OnPick(upstream, node, in context);
        exchange.Trace?.OnPick(upstream, node, in context);
        return node;
    }

    /// <summary>
    /// A node that was not tried; when all were, the round begins anew, without those that could not be connected to while there are others. <paramref name="isFull"/>: there
    /// is none now because those left have as many requests as they may.
    /// </summary>
    private static NodeSnapshot? PickNext(Exchange exchange, UpstreamSnapshot upstream, ref TriedNodes tried, in TriedNodes dead, long nowMs, out bool isFull)
    {
        var context = new PickContext(ref tried, exchange) { NowMs = nowMs };
        NodeSnapshot? node = PickServing(exchange, upstream, ref tried, ref context);
        if (node is null && !context.IsFull)
        {
            tried = dead;
            node = PickServing(exchange, upstream, ref tried, ref context);
        }

        if (node is null && !context.IsFull)
        {
            tried.Clear();
            node = PickServing(exchange, upstream, ref tried, ref context);
        }

        isFull = node is null && context.IsFull;
        exchange.Account?.OnPick(upstream, node, in context);
        exchange.Trace?.OnPick(upstream, node, in context);
        return node;
    }

    /// <summary>
    /// A pick that passes over nodes which an operator has withdrawn: the request's snapshot may be an older one, whose pickers do not follow any more. First tries need no such
    /// look; between them and their pick nothing happens.
    /// </summary>
    private static NodeSnapshot? PickServing(Exchange exchange, UpstreamSnapshot upstream, ref TriedNodes tried, ref PickContext context)
    {
        for (int picks = 0; picks < upstream.Nodes.Count && upstream.Pick(ref context) is { } node; picks++)
        {
            if (!IsWithdrawn(exchange, upstream, node))
                return node;
            tried.Add(PassOver(upstream, node));
        }

        return null;
    }

    private static bool IsWithdrawn(Exchange exchange, UpstreamSnapshot upstream, NodeSnapshot node) => node.State.IsWithdrawn
        && !(upstream.Policies?.Sticky is { Config.KeepWhileDraining: true } sticky && node.State.KeepsSessions && sticky.Find(exchange) == node);

    /// <summary>Gives back what a pick has taken of the node; its index.</summary>
    private static int PassOver(UpstreamSnapshot upstream, NodeSnapshot node)
    {
        if (upstream.Queue is not null)
            upstream.GiveBack(node);
        return node.Index;
    }

    /// <summary>Whether another try follows; if not, the failure is answered, unless an answer has begun or the client is gone.</summary>
    private static bool MayFollow(Exchange exchange, UpstreamSnapshot upstream, NodeSnapshot node, AttemptFailure failure)
    {
        if (failure is AttemptFailure.None or AttemptFailure.AnswerDropped)
            return failure != AttemptFailure.None;
        if (exchange.HasAnswer)
        {
            exchange.AbortAnswer();
            return false;
        }

        if (failure == AttemptFailure.ClientFailed)
        {
            if (exchange.BodyFailureStatus is var status and (400 or 413))
                exchange.WriteStandardAnswer(status);
            return false;
        }

        exchange.Tries.Add(failure);
        if (exchange.Retries.MayFollow(exchange, upstream, node.State, failure))
            return true;
        exchange.WriteStandardAnswer(exchange.Tries.Last);
        return false;
    }

    /// <summary>A try was cancelled, which says nothing about its node.</summary>
    internal void OnCancelled(Exchange exchange, in ForwardPlan plan, AttemptFailure how)
    {
        _counters.OnTryEnd(how);
        exchange.Trace?.EndTry(plan.Node.State, how, status: 0);
        exchange.Account?.OnTryEnd(plan.Node, how, status: 0);
    }

    /// <summary>A connection could not be opened for a try that was cancelled meanwhile, and counted. Any thread.</summary>
    internal void OnLateFailure(in ForwardPlan plan, AttemptFailure failure, long begunMs)
    {
        _health?.OnTryEnd(plan.Upstream, plan.Node, failure, status: 0);
        if (plan.Upstream.DetectsOutliers)
            _outliers?.OnTryEnd(plan.Upstream, plan.Node.State, failure, status: 0, plan.Timeouts);
        if (plan.Upstream.MeasuresLatency)
            NodeLatency.LearnFailure(plan.Node.State, failure, begunMs);
    }

    /// <summary>The final head of a node's answer is here. <paramref name="begun"/>: when the request was sent, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.</summary>
    internal static void OnAnswer(Exchange exchange, UpstreamSnapshot upstream, NodeConnection connection, long begun)
    {
        exchange.AnswerTime = NodeLatency.AnswerTime(exchange.Upload, begun);
        if (exchange.AnswerTime is { } elapsed)
            NodeLatency.LearnAnswer(upstream, connection, elapsed);
    }

    /// <summary>Counts a try that came out one way or the other. One that waited in vain took as long as it may at least.</summary>
    private void Count(Exchange exchange, RouteSnapshot route, UpstreamSnapshot upstream, NodeState node, AttemptFailure failure)
    {
        bool failed = failure is not (AttemptFailure.None or AttemptFailure.AnswerDropped) || exchange.Tries.Last >= 500;
        TimeSpan? latency = failure == AttemptFailure.ReadTimeout ? upstream.AtMostATry((route.Timeout ?? upstream.Timeout).Read) : exchange.AnswerTime;
        node.CountTry(failed);
        route.Traffic.To(upstream.Owner)?.Count(_writer, failed, latency);
    }

    /// <summary>Tells everybody who learns from tries how one came out.</summary>
    internal void OnTryEnd(Exchange exchange, RouteSnapshot route, UpstreamSnapshot upstream, NodeSnapshot node, AttemptFailure failure, long begunMs)
    {
        _counters.OnTryEnd(failure);
        if (failure != AttemptFailure.ClientFailed)
            Count(exchange, route, upstream, node.State, failure);
        exchange.AnswerTime = null; // the next try's is another
        bool isAnswered = failure is AttemptFailure.None or AttemptFailure.AnswerDropped; // that nobody sees it is not the node's doing
        AttemptFailure seen = isAnswered ? AttemptFailure.None : failure;
        _health?.OnTryEnd(upstream, node, seen, exchange.Tries.Last);
        exchange.Trace?.EndTry(node.State, failure, exchange.Tries.Last);
        exchange.Account?.OnTryEnd(node, failure, exchange.Tries.Last);
        if (upstream.DetectsOutliers)
            _outliers?.OnTryEnd(upstream, node.State, seen, exchange.Tries.Last, route.Timeout ?? upstream.Timeout);
        if (upstream.MeasuresLatency && !isAnswered)
            NodeLatency.LearnFailure(node.State, failure, begunMs);
    }
}
