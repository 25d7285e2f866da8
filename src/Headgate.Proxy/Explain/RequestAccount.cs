using System.Diagnostics;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Routing;
using Headgate.Core.Snapshot;
using Headgate.Core.Snapshot.Explain;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Explain;

/// <summary>
/// What is done with one request, noted while it is done, for the answer's <see cref="ExplainHeaderOptions.HeaderName"/>. Made for a request that asks for it and may: everything here
/// allocates. One flow of control at a time.
/// </summary>
/// <param name="snapshot">The configuration that serves it.</param>
/// <param name="route">Its route; null = none matches.</param>
internal sealed class RequestAccount(GatewaySnapshot snapshot, RouteSnapshot? route)
{
    /// <summary>Candidates of an upstream with more nodes are not noted: looking at all of them would hold up the thread's other requests.</summary>
    public const int NodesMax = 1000;

    /// <summary>Tries that are noted; later ones are only counted.</summary>
    public const int TriesMax = IRecentDecisions.TriesMax;

    private readonly List<AccountedTry> _tries = [];
    private long _fullAt;

    /// <summary>Revision of the configuration.</summary>
    public long Revision => snapshot.Revision;

    /// <summary>The route; null = none matches.</summary>
    public RouteSnapshot? Route => route;

    /// <summary>The upstream; null when the request did not get that far.</summary>
    public UpstreamSnapshot? Upstream { get; } = snapshot.UpstreamOf(route);

    /// <summary>When the request began.</summary>
    public long Begun { get; } = Stopwatch.GetTimestamp();

    /// <summary>What is hashed; null when nothing is.</summary>
    public string? Key { get; private set; }

    /// <summary>The nodes as the first pick found them, with their tries under way; null when nothing was picked from, or there are too many.</summary>
    public (CandidateExplanation Candidate, long InFlight)[]? Candidates { get; private set; }

    /// <summary>Whether the upstream was in panic at the first pick.</summary>
    public bool UsesUnusable { get; private set; }

    /// <summary>The tries, in order, the first <see cref="TriesMax"/> of them.</summary>
    public IReadOnlyList<AccountedTry> Tries => _tries;

    /// <summary>How many tries there were.</summary>
    public int TriesCount { get; private set; }

    /// <summary>How long it has waited for a node with a free permit; null when it has not.</summary>
    public TimeSpan? WaitedFor { get; private set; }

    /// <summary>Why the gateway answers by itself, or why no further node was tried; null when it does not, or the status says it all.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The gateway answers by itself, for this reason.</summary>
    public void Refuse(string reason) => Refusal = reason;

    /// <summary>A node was picked, or none (null).</summary>
    public void OnPick(UpstreamSnapshot upstream, NodeSnapshot? node, in PickContext pick)
    {
        PickCandidates? candidates = upstream.Nodes.Count <= NodesMax ? PickCandidates.Of(upstream, pick.NowMs) : null;
        if (Candidates is null && candidates is not null)
        {
            Candidates = [.. candidates.Nodes.Select(candidate => (candidate, candidate.Node.State.InFlight))];
            UsesUnusable = candidates.UsesUnusable;
            Key = PickCandidates.KeyOf(upstream, pick.Request);
        }

        _fullAt = Stopwatch.GetTimestamp();
        if (node is not null && TriesCount++ < TriesMax)
            _tries.Add(AccountedTry.Of(upstream, node, candidates?.Nodes[node.Index].Score, in pick));
    }

    /// <summary>The request has waited for a node with a free permit, and has got one, or none (null). Who is compared is not looked at again: others picked for it.</summary>
    public void OnWaited(UpstreamSnapshot upstream, NodeSnapshot? node)
    {
        WaitedFor = Stopwatch.GetElapsedTime(_fullAt) + (WaitedFor ?? TimeSpan.Zero);
        if (node is not null && TriesCount++ < TriesMax)
            _tries.Add(AccountedTry.Of(upstream, node, score: null, default));
    }

    /// <summary>The try at <paramref name="node"/> that is under way has ended. Two tries at once (hedging) are at different nodes.</summary>
    public void OnTryEnd(NodeSnapshot node, AttemptFailure failure, int status) => _tries.FindLast(one => one.Node == node && one.Failure is null)?.End(failure, status);

    /// <summary>
    /// All of it so far as the value of a header field: one line of JSON in visible ASCII, at most <see cref="RequestAccountJson.BytesMax"/> bytes. Called when the head of the answer is
    /// written, which may be before the try has ended that it comes from. <paramref name="status"/> and <paramref name="retryAfterSeconds"/> (0 = none): those of the answer.
    /// </summary>
    public byte[] Write(int status, int retryAfterSeconds)
    {
        if (Refusal is null && Upstream is null)
            Refuse(GatewaySnapshot.WhyNoUpstream(route).Why);
        return RequestAccountJson.Write(this, status, retryAfterSeconds);
    }
}
