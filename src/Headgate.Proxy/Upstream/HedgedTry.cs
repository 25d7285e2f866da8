using System.Diagnostics;
using System.Runtime.CompilerServices;
using Headgate.Core.Resilience;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Upstream;

/// <summary>
/// One of the tries of a hedged request, up to the head of an answer: a flow of its own beside the request's. As long as it opens a connection it touches nothing of the request
/// and may be left to itself; from then on the request waits for its end, which comes soon once its connection is aborted. Used again for other requests, unless it was left.
/// </summary>
internal sealed class HedgedTry
{
    private const int Connecting = 0;
    private const int Asking = 1;
    private const int Cancelled = 2;
    private const int Left = 3;
    private const int Ended = 4;

    private readonly HedgedTries _owner;
    private readonly HedgeSignal _signal;
    private readonly Action _onEnd;

    // Moves on by the flow of the try and by that of its request, and back when the request begins it anew.
    private int _state = Ended;
    private EndpointState? _endpoint;
    private TransportConnection? _transport;
    private ValueTask<AskedNode> _asking;

    /// <summary>Makes a try that tells <paramref name="signal"/> of its end.</summary>
    public HedgedTry(HedgedTries owner, HedgeSignal signal)
    {
        _owner = owner;
        _signal = signal;
        _onEnd = OnEnd;
    }

    /// <summary>Where it goes, and how.</summary>
    public ForwardPlan Plan { get; private set; }

    /// <summary>When it was begun, of <see cref="NodeLatency.NowMs"/>; 0 = nobody measures.</summary>
    public long BegunMs { get; private set; }

    /// <summary>Its place in the retry budget; none for the first try of a request.</summary>
    public RetryPermit Permit { get; private set; }

    /// <summary>When it had a connection to ask on, as <see cref="Stopwatch.GetTimestamp"/>. Not to be read while it connects.</summary>
    public long AskedAt { get; private set; }

    /// <summary>The address it went to last; null when none was found. Once it has ended.</summary>
    public EndpointState? Endpoint => _endpoint;

    /// <summary>Whether the request's flow has dealt with it: took what came of it, cancelled it or left it.</summary>
    public bool IsSettled { get; set; }

    /// <summary>Whether it was cancelled, and its end is still to be dealt with.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>Whether its flow has ended: then <see cref="TakeResult"/> may be called, once.</summary>
    public bool HasEnded => Volatile.Read(ref _state) == Ended;

    /// <summary>Begins it. One that ends at once is not signalled.</summary>
    public void Begin(Exchange exchange, in ForwardPlan plan, long begunMs, RetryPermit permit)
    {
        (Plan, BegunMs, Permit, _endpoint, AskedAt) = (plan, begunMs, permit, null, 0);
        Begin(exchange);
    }

    /// <summary>Begins it once more at the same endpoint, on a fresh connection: the one that was kept turned out to be closed.</summary>
    public void BeginAgain(Exchange exchange) => Begin(exchange);

    /// <summary>What came of it.</summary>
    public AskedNode TakeResult()
    {
        ValueTask<AskedNode> asking = _asking;
        _asking = default;
        return asking.GetAwaiter().GetResult();
    }

    /// <summary>Its request is over: holds on to no configuration that may be outdated by now.</summary>
    public void Forget() => (Plan, _endpoint, _transport) = (default, null, null);

    /// <summary>It has a connection, and asks on it next: false when nobody wants that any more. The flow of the try.</summary>
    public bool TryAsk(TransportConnection node)
    {
        _transport = node;
        AskedAt = Stopwatch.GetTimestamp();
        return Interlocked.CompareExchange(ref _state, Asking, Connecting) == Connecting;
    }

    /// <summary>
    /// It is not needed any more: its connection is aborted, and its end comes soon, if it has not come. One that still connects is left to itself: true; its owner deals with its
    /// end, and nobody else may touch it. The request's flow.
    /// </summary>
    public bool CancelOrLeave()
    {
        if (Interlocked.CompareExchange(ref _state, Left, Connecting) == Connecting)
            return true;
        if (Interlocked.CompareExchange(ref _state, Cancelled, Asking) == Asking)
            _transport!.Abort(EndCause.NotNeeded);
        return false;
    }

    private void Begin(Exchange exchange)
    {
        (IsSettled, IsCancelled) = (false, false);
        Volatile.Write(ref _state, Connecting);
#pragma warning disable CA2012 // Kept, and taken once: by TakeResult.
        _asking = AskAsync(exchange);
#pragma warning restore CA2012
        if (_asking.IsCompleted)
            Volatile.Write(ref _state, Ended);
        else
            _asking.GetAwaiter().UnsafeOnCompleted(_onEnd);
    }

    /// <summary>As <see cref="NodeTries"/> does it for a request that is not hedged: a name may stand for addresses that do not all listen.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<AskedNode> AskAsync(Exchange exchange)
    {
        ForwardPlan plan = Plan;
        NodeState node = plan.Node.State;
        bool isAgain = _endpoint is not null;
        _endpoint ??= node.NextEndpoint();
        if (_endpoint is null)
        {
            await _owner.Resolver.ResolveNowAsync(node, plan.ConnectTimeout);
            _endpoint = node.NextEndpoint();
        }

        if (_endpoint is not { } endpoint)
            return new AskedNode(null, AttemptFailure.Unresolved);
        AskedNode asked = await _owner.Forwarder.AskAsync(exchange, plan, endpoint, fresh: isAgain, this);
        for (int others = node.Endpoints.Count - 1; others > 0 && RetryRules.IsBeforeConnection(asked.Failure) && Volatile.Read(ref _state) != Left; others--)
        {
            if (node.NextEndpoint() is { } other && other != endpoint)
                asked = await _owner.Forwarder.AskAsync(exchange, plan, _endpoint = other, fresh: isAgain, this);
        }

        return asked;
    }

    private void OnEnd()
    {
        if (Interlocked.Exchange(ref _state, Ended) == Left)
            _owner.OnLeftEnd(this);
        else
            _signal.Signal();
    }
}
