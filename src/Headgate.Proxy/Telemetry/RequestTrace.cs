using System.Diagnostics;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Routing;
using Headgate.Core.Snapshot;
using Headgate.Core.Snapshot.Explain;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Telemetry;

/// <summary>
/// What is known of a request beside the request itself: its tries, what they went to and how long everything took. Kept for requests that somebody looks at afterwards (recent
/// decisions, access log, plugins that ask for it) and read by all of those. One for an exchange, reused; one flow of control at a time. Allocates nothing.
/// </summary>
internal sealed class RequestTrace
{
    /// <summary>Tries that are kept; later ones are only counted.</summary>
    public const int TriesMax = IRecentDecisions.TriesMax;

    private readonly TracedTry[] _tries = new TracedTry[TriesMax];
    private NotedPick _picked;
    private bool _notesPicks;

    /// <summary>Which of the writers the request belongs to: 0 is shared by threads that are no loop's, the others are a loop's alone.</summary>
    public int Writer { get; private set; }

    /// <summary>When the request began, as <see cref="Stopwatch.GetTimestamp"/>: its head was here.</summary>
    public long Begun { get; private set; }

    /// <summary>When its answer was out; 0 = it is under way.</summary>
    public long Ended { get; private set; }

    /// <summary>The route; null = none matched.</summary>
    public RouteSnapshot? Route { get; private set; }

    /// <summary>The upstream that the route or a plugin chose; null = none.</summary>
    public UpstreamSnapshot? Upstream { get; private set; }

    /// <summary>What the client was told; 499 when it went away first, 0 when it got no answer at all.</summary>
    public int Status { get; private set; }

    /// <summary>Whether the metrics have it: a global rule and a route may both have the plugin.</summary>
    public bool IsCounted { get; set; }

    /// <summary>Tries so far; those beyond <see cref="TriesMax"/> are only counted.</summary>
    public int Count { get; private set; }

    /// <summary>Whether a try has failed.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The tries that were kept.</summary>
    public ReadOnlySpan<TracedTry> Tries => _tries.AsSpan(0, Math.Min(Count, TriesMax));

    /// <summary>What was kept of the request's body for the entry that is being written; empty = nothing.</summary>
    public ReadOnlyMemory<byte> RequestBody { get; set; }

    /// <summary>What was kept of the answer's body, as <see cref="RequestBody"/>.</summary>
    public ReadOnlyMemory<byte> ResponseBody { get; set; }

    /// <summary>A request begins. <paramref name="notesPicks"/>: whether anybody wants to know afterwards why its nodes were picked.</summary>
    public void Begin(int writer, bool notesPicks)
    {
        (_notesPicks, _picked) = (notesPicks, default);
        (Writer, Begun, Ended, Count, HasFailed) = (writer, Stopwatch.GetTimestamp(), 0, 0, false);
        (Route, Upstream, Status, IsCounted) = (null, null, 0, false);
    }

    /// <summary>The request has ended. <paramref name="status"/>: as <see cref="Status"/>.</summary>
    public void End(RouteSnapshot? route, UpstreamSnapshot? upstream, int status) => (Route, Upstream, Status, Ended) = (route, upstream, status, Stopwatch.GetTimestamp());

    /// <summary>A node was picked, whose try is the next to begin, or none was (null).</summary>
    public void OnPick(UpstreamSnapshot upstream, NodeSnapshot? node, in PickContext pick)
    {
        if (_notesPicks)
            _picked = node is null ? default : NotedPick.Of(upstream, node, in pick);
    }

    /// <summary>A try at <paramref name="node"/> begins. Tries that run at once (hedging) are at different nodes.</summary>
    public void BeginTry(NodeState node)
    {
        if (Count++ < TriesMax)
            _tries[Count - 1] = new TracedTry { Node = node, Pick = _picked.Node == node ? _picked : default, Begun = Stopwatch.GetTimestamp() };
        _picked = default;
    }

    /// <summary>The try connects to <paramref name="endpoint"/>, or takes a kept connection to it.</summary>
    public void OnEndpoint(EndpointState endpoint)
    {
        if (Find(endpoint.Node) is var index and >= 0)
            (_tries[index].Endpoint, _tries[index].Connected) = (endpoint, 0);
    }

    /// <summary>The try has a connection. <paramref name="at"/>: since when, 0 = it was kept.</summary>
    public void OnConnected(EndpointState endpoint, long at)
    {
        if (Find(endpoint.Node) is var index and >= 0)
            (_tries[index].Endpoint, _tries[index].Connected) = (endpoint, Math.Max(at, _tries[index].Begun));
    }

    /// <summary>A try that ran beside the request's flow has come to something. <paramref name="at"/>: when it had a connection; 0 = it never had.</summary>
    public void OnAsked(EndpointState endpoint, long at)
    {
        if (at == 0)
            OnEndpoint(endpoint);
        else
            OnConnected(endpoint, at);
    }

    /// <summary>The head of the try's answer is here.</summary>
    public void OnHead(NodeState node)
    {
        if (Find(node) is var index and >= 0)
            _tries[index].Headed = Stopwatch.GetTimestamp();
    }

    /// <summary>The try has ended; <paramref name="status"/>: of the last answer of a node, which need not be this one's.</summary>
    public void EndTry(NodeState node, AttemptFailure failure, int status)
    {
        HasFailed |= failure != AttemptFailure.None;
        if (Find(node) is not (var index and >= 0))
            return;
        ref TracedTry one = ref _tries[index];
        bool hasAnswered = one.Headed != 0 && failure is AttemptFailure.None or AttemptFailure.AnswerDropped or AttemptFailure.BrokenAnswer or AttemptFailure.ClientFailed;
        (one.Failure, one.Status, one.Ended) = (failure, hasAnswered ? status : 0, Stopwatch.GetTimestamp());
    }

    /// <summary>Copies the tries that were kept.</summary>
    public void CopyTo(RequestTrace other)
    {
        (other.Begun, other.Count, other.HasFailed) = (Begun, Count, HasFailed);
        Tries.CopyTo(other._tries);
    }

    /// <summary>The latest try at the node that is under way; −1 = none is kept.</summary>
    private int Find(NodeState node)
    {
        for (int i = Math.Min(Count, TriesMax) - 1; i >= 0; i--)
        {
            if (_tries[i].Node == node && _tries[i].Ended == 0)
                return i;
        }

        return -1;
    }
}
