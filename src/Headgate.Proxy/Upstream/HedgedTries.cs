using System.Runtime.CompilerServices;
using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Resilience;
using Headgate.Core.Routing;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Upstream;

/// <summary>
/// The tries of a request that is sent to a further node when the first has not answered after a while (<c>hedging_policy</c>). Each try is a flow of its own up to the head of an
/// answer. One flow, the request's, begins them, decides which answer is passed on, and cancels the others; it alone touches what belongs to the request as a whole. Source: Dean
/// and Barroso, The Tail at Scale (2013); the fields are gRPC's. Thread-safe; allocates nothing for a request that is answered before the delay.
/// </summary>
internal sealed class HedgedTries(NodeTries tries, Forwarder forwarder, EndpointResolver resolver, DeadlineWheel clock, RetryMonitor monitor)
{
    private const int KeptMax = 256;

    private readonly Lock _gate = new();
    private readonly HedgeRace?[] _kept = new HedgeRace?[KeptMax];
    private int _keptCount;

    /// <summary>Asks endpoints.</summary>
    public Forwarder Forwarder => forwarder;

    /// <summary>Finds endpoints of nodes that have none yet.</summary>
    public EndpointResolver Resolver => resolver;

    /// <summary>
    /// Whether the request may be sent to two nodes: it could be repeated, has no body (which only one can be given), stays HTTP, and belongs to no session that lives on one node.
    /// </summary>
    public static bool MayHedge(Exchange exchange, RouteSnapshot route, UpstreamSnapshot upstream) =>
        exchange.Request.Framing == BodyFraming.None
        && RetryRules.IsRepeatable(exchange.ForwardedMethodKind, upstream.Config.Retry)
        && !(route.EnableWebsocket && exchange.Request.IsWebSocketUpgrade)
        && upstream.Policies?.Sticky?.Find(exchange) is null;

    /// <summary>
    /// Asks <paramref name="first"/>, and others when it takes its time. A permit of the node was taken where there are such; it is given back here.
    /// <see cref="AttemptFailure.None"/>: an answer was passed on. Anything else is what the try that decided came to, and retries may follow.
    /// </summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    public async ValueTask<HedgeEnd> RunAsync(Exchange exchange, RouteSnapshot route, UpstreamSnapshot upstream, NodeSnapshot first, long begunMs)
    {
        HedgeRace race = Rent();
        race.Begin(first);
        Start(race, exchange, NodeTries.PlanFor(exchange, route, upstream, first), begunMs, RetryPermit.None);
        Arm(race, upstream.Hedging!);
        exchange.Watch(race.Signal);
        while (!IsDecided(race, exchange, route, upstream))
            await race.Signal.WaitAsync();
        exchange.Unwatch();
        race.Signal.DeadlineMs = 0;
        CancelOthers(race, exchange, route);

        (NodeSnapshot node, AttemptFailure failure) = race.Failed;
        if (race.Winner is { } winner)
            (node, failure) = (winner.Plan.Node, await AnswerAsync(winner, race.Answer!, exchange, route));
        else if (exchange.IsClientGone)
            failure = AttemptFailure.ClientFailed;

        if (race.HasCancelled)
        {
            // They read the request until they end, which is soon; the client need not wait for that.
            if (failure == AttemptFailure.None)
                await exchange.FlushAsync();
            while (race.HasCancelled)
                await race.Signal.WaitAsync();
        }

        SettleCancelled(race);
        var end = new HedgeEnd(node, failure, race.Tried);
        Keep(race);
        return end;
    }

    /// <summary>A try that was left while it connected has ended: on any thread, its request long over. What a connection came to says about its node what it always does.</summary>
    public void OnLeftEnd(HedgedTry left)
    {
        AttemptFailure failure = left.TakeResult().Failure;
        bool hadWork = failure == AttemptFailure.Overtaken ? left.Plan.Upstream.Profile.Https : !RetryRules.IsWithoutWork(failure);
        if (failure != AttemptFailure.Overtaken)
            tries.OnLateFailure(left.Plan, failure, left.BegunMs);
        if (left.Permit.IsTaken && !hadWork)
            left.Plan.Upstream.RetryBudget.GiveBack(left.Permit);
        LeaveNode(left.Plan);
    }

    /// <summary>Looks at what has happened: true when an answer is here to be passed on, no try is left that could bring one, or the client has gone.</summary>
    private bool IsDecided(HedgeRace race, Exchange exchange, RouteSnapshot route, UpstreamSnapshot upstream)
    {
        while (true)
        {
            if (race.TakeEnded() is { } ended)
            {
                OnEnded(race, ended, exchange, route);
                if (race.Winner is not null)
                    return true;
            }
            else if (race.Running == 0 || exchange.IsClientGone)
            {
                return true;
            }
            else if (race.Signal.DeadlineMs is var due && due != 0 && due <= clock.NowMs)
            {
                race.Signal.DeadlineMs = 0;
                Hedge(race, exchange, route, upstream);
            }
            else
            {
                return false;
            }
        }
    }

    private void OnEnded(HedgeRace race, HedgedTry ended, Exchange exchange, RouteSnapshot route)
    {
        AskedNode asked = ended.TakeResult();
        UpstreamSnapshot upstream = ended.Plan.Upstream;
        if (exchange.Trace is { } trace && ended.Endpoint is { } endpoint)
            trace.OnAsked(endpoint, ended.AskedAt);
        if (asked.Connection is { } connection)
        {
            if (race.Running == 0 || upstream.Config.Retry.Statuses?.Contains(connection.Response.Status) != true)
                (race.Winner, race.Answer) = (ended, connection);
            else
                Drop(ended, connection, exchange, route); // a better one may come
        }
        else if (asked.IsStale && !exchange.IsClientGone)
        {
            exchange.Retries.OnSentAgain(upstream);
            race.OnBegunAgain();
            ended.BeginAgain(exchange);
        }
        else
        {
            OnFailed(race, ended, exchange, route, exchange.IsClientGone ? AttemptFailure.ClientFailed : asked.Failure);
        }
    }

    /// <summary>The delay is over and nothing has come: asks a further node, if retries, budget and nodes allow it. It waits for no permit, and goes to no reserve.</summary>
    private void Hedge(HedgeRace race, Exchange exchange, RouteSnapshot route, UpstreamSnapshot upstream)
    {
        RetryPermit permit = exchange.Retries.TakeHedge(exchange, upstream);
        if (!permit.IsTaken)
            return;
        long begunMs = upstream.MeasuresLatency ? NodeLatency.NowMs : 0;
        var context = new PickContext(ref race.Tried, exchange) { NowMs = begunMs };
        NodeSnapshot? node = upstream.Pick(ref context);
        if (node is null || node.State.IsWithdrawn || !IsPeer(node.Config, race.First.Config)) // withdrawn: since this request has its snapshot
        {
            if (node is not null && upstream.Queue is not null)
                upstream.GiveBack(node);
            exchange.Retries.GiveBackHedge(upstream, permit);
            return;
        }

        monitor.OnHedge();
        exchange.Account?.OnPick(upstream, node, in context);
        exchange.Trace?.OnPick(upstream, node, in context);
        Start(race, exchange, NodeTries.PlanFor(exchange, route, upstream, node), begunMs, permit);
        Arm(race, upstream.Hedging!);
    }

    /// <summary>What stands in when others fail (a lower priority, weight 0) is not asked because another is slow: it may answer fast and say that it is sorry.</summary>
    private static bool IsPeer(NodeConfig node, NodeConfig first) => node.Priority == first.Priority && (node.Weight > 0 || first.Weight == 0);

    private static void Start(HedgeRace race, Exchange exchange, in ForwardPlan plan, long begunMs, RetryPermit permit)
    {
        plan.Node.State.BeginTry();
        exchange.Trace?.BeginTry(plan.Node.State);
        race.Add(plan.Node).Begin(exchange, plan, begunMs, permit);
    }

    private void Arm(HedgeRace race, HedgingConfig hedging)
    {
        if (race.Count >= hedging.MaxAttempts)
            return;
        race.Signal.DeadlineMs = clock.NowMs + Math.Max(1, (long)hedging.Delay.TotalMilliseconds);
        clock.Add(race.Signal);
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<AttemptFailure> AnswerAsync(HedgedTry winner, NodeConnection connection, Exchange exchange, RouteSnapshot route)
    {
        ForwardPlan plan = winner.Plan;
        if (winner.Permit.IsTaken)
            monitor.OnHedgeWon();
        if (plan.Upstream.Policies is { Sticky: { } sticky })
            exchange.SetCookie = sticky.CookieFor(exchange, plan.Node);
        AttemptFailure failure;
        try
        {
            failure = await forwarder.AnswerAsync(exchange, plan, connection, winner.AskedAt);
        }
        finally
        {
            LeaveNode(plan);
        }

        tries.OnTryEnd(exchange, route, plan.Upstream, plan.Node, failure, winner.BegunMs);
        return failure;
    }

    private void OnFailed(HedgeRace race, HedgedTry failed, Exchange exchange, RouteSnapshot route, AttemptFailure failure)
    {
        (UpstreamSnapshot upstream, NodeSnapshot node) = (failed.Plan.Upstream, failed.Plan.Node);
        tries.OnTryEnd(exchange, route, upstream, node, failure, failed.BegunMs);
        if (failed.Permit.IsTaken && RetryRules.IsWithoutWork(failure))
            upstream.RetryBudget.GiveBack(failed.Permit);
        else if (failed.Permit.IsTaken && failure != AttemptFailure.ClientFailed)
            upstream.RetryBudget.OnWasted(node.State, RetryMonitor.NowMs);
        race.Failed = (node, failure);
        if (race.Running > 0)
            exchange.Tries.Add(failure); // that of the last try is added by who judges it
        LeaveNode(failed.Plan);
    }

    private void Drop(HedgedTry dropped, NodeConnection connection, Exchange exchange, RouteSnapshot route)
    {
        (UpstreamSnapshot upstream, NodeSnapshot node) = (dropped.Plan.Upstream, dropped.Plan.Node);
        exchange.Tries.Add(connection.Response.Status);
        exchange.Trace?.OnHead(node.State);
        NodeTries.OnAnswer(exchange, upstream, connection, dropped.AskedAt);
        tries.OnTryEnd(exchange, route, upstream, node, AttemptFailure.AnswerDropped, dropped.BegunMs);
        if (dropped.Permit.IsTaken)
            upstream.RetryBudget.OnWasted(node.State, RetryMonitor.NowMs);
        forwarder.Close(connection);
        LeaveNode(dropped.Plan);
    }

    private void CancelOthers(HedgeRace race, Exchange exchange, RouteSnapshot route)
    {
        AttemptFailure how = race.Winner is null ? AttemptFailure.ClientFailed : AttemptFailure.Overtaken;
        for (int i = 0; i < race.Count; i++)
        {
            HedgedTry other = race[i]!;
            if (other.IsSettled)
                continue;
            ForwardPlan plan = other.Plan;
            other.IsSettled = true;
            other.IsCancelled = !other.CancelOrLeave();
            if (!other.IsCancelled)
                race.Forget(i);
            tries.OnCancelled(exchange, plan, how);
            if (other.IsCancelled && how == AttemptFailure.Overtaken)
                NodeLatency.LearnAtLeast(plan.Upstream, plan.Node.State, other.AskedAt);
        }
    }

    private void SettleCancelled(HedgeRace race)
    {
        for (int i = 0; i < race.Count; i++)
        {
            if (race[i] is not { IsCancelled: true } cancelled)
                continue;
            if (cancelled.TakeResult().Connection is { } connection)
                forwarder.Close(connection); // its head came in the same moment
            LeaveNode(cancelled.Plan);
        }
    }

    private static void LeaveNode(in ForwardPlan plan)
    {
        plan.Node.State.EndTry();
        if (plan.Upstream.Queue is not null)
            plan.Upstream.GiveBack(plan.Node);
    }

    private HedgeRace Rent()
    {
        lock (_gate)
        {
            if (_keptCount > 0)
                return _kept[--_keptCount]!;
        }

        return new HedgeRace(this);
    }

    private void Keep(HedgeRace race)
    {
        race.End();
        lock (_gate)
        {
            if (_keptCount < KeptMax)
            {
                _kept[_keptCount++] = race;
                return;
            }
        }

        clock.Remove(race.Signal);
    }
}
