using System.Collections.Frozen;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Headgate.Core.Snapshot.Explain;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Telemetry;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Explain;

/// <summary>A place of <see cref="DecisionRing"/>: what is known of one request, in memory that is reused. Touched under its own lock only.</summary>
internal sealed class DecisionSlot
{
    private static readonly FrozenDictionary<AttemptFailure, string> Names = Enum.GetValues<AttemptFailure>()
        .ToFrozenDictionary(failure => failure, failure => failure == AttemptFailure.None ? "answered" : JsonNamingPolicy.SnakeCaseLower.ConvertName(failure.ToString()));

    private readonly RequestTrace _trace = new();
    private readonly byte[] _method = new byte[IRecentDecisions.TextBytesMax];
    private readonly byte[] _host = new byte[IRecentDecisions.TextBytesMax];
    private readonly byte[] _path = new byte[IRecentDecisions.TextBytesMax];
    private readonly NodeState?[] _excluded = new NodeState?[IRecentDecisions.ExcludedMax];
    private readonly NodeExclusions[] _why = new NodeExclusions[IRecentDecisions.ExcludedMax];
    private int _methodLength;
    private int _hostLength;
    private int _pathLength;
    private int _excludedCount;
    private DateTimeOffset _at;
    private TimeSpan _duration;
    private int _status;
    private string? _routeId;
    private string? _upstream;
    private string? _type;
    private int _candidatesCount;
    private bool _usesUnusable;
    private bool _isUsed;

    /// <summary>How a try ended, for people.</summary>
    public static string Name(AttemptFailure failure) => Names[failure];

    /// <summary>Takes a request that has ended in the place of an older one. Allocates nothing.</summary>
    public void Set(Exchange exchange, RequestTrace trace, DateTimeOffset at)
    {
        _isUsed = true;
        (_at, _duration, _status) = (at, Stopwatch.GetElapsedTime(trace.Begun, trace.Ended), trace.Status);
        (_routeId, _upstream, _type) = (trace.Route?.Config.Id, trace.Upstream?.Owner, trace.Upstream?.Config.Type);
        (_candidatesCount, _usesUnusable) = (trace.Upstream?.CandidatesCount ?? 0, trace.Upstream?.IsInPanic == true);
        _methodLength = Copy(exchange.Method, _method);
        _hostLength = Copy(exchange.Host, _host);
        _pathLength = Copy(exchange.Path, _path);
        trace.CopyTo(_trace);
        _excludedCount = 0;
        if (trace.Upstream is { } upstream)
            NoteExcluded(upstream.Nodes);
    }

    /// <summary>What it holds; null when nothing yet, or what does not pass (null = anything does).</summary>
    public RecentDecision? Get(Func<string?, string?, bool>? passes) => !_isUsed || passes?.Invoke(_routeId, _upstream) == false ? null : new RecentDecision
    {
        At = _at,
        DurationMs = (long)_duration.TotalMilliseconds,
        Method = Encoding.Latin1.GetString(_method, 0, _methodLength),
        Host = Encoding.Latin1.GetString(_host, 0, _hostLength),
        Path = Encoding.UTF8.GetString(_path, 0, _pathLength),
        RouteId = _routeId,
        Upstream = _upstream,
        Type = _type,
        CandidatesCount = _candidatesCount,
        UsesUnusable = _usesUnusable,
        Status = _status,
        TriesCount = _trace.Count,
        Tries = Tries(_trace.Tries),
        Excluded = [.. Enumerable.Range(0, _excludedCount).Select(i => (Name(_excluded[i]!), _why[i]))],
    };

    private static List<RecentTry> Tries(ReadOnlySpan<TracedTry> traced)
    {
        var tries = new List<RecentTry>(traced.Length);
        foreach (ref readonly TracedTry one in traced)
            tries.Add(Try(in one));
        return tries;
    }

    private static RecentTry Try(in TracedTry one) => new(Name(one.Node), Name(one.Failure), one.Failure == AttemptFailure.None ? one.Status : 0)
    {
        Score = one.Pick.Score,
        Drawn = one.Pick.Drawn is var (first, challenger) ? (Name(first), Name(challenger)) : null,
        Hash = one.Pick.Hash,
    };

    private static string Name(NodeState node) => $"{node.Key.Host}:{node.Key.Port}";

    private static int Copy(ReadOnlySpan<byte> from, byte[] to)
    {
        int length = Math.Min(from.Length, to.Length);
        from[..length].CopyTo(to);
        return length;
    }

    private void NoteExcluded(IReadOnlyList<NodeSnapshot> nodes)
    {
        for (int i = 0; i < nodes.Count && _excludedCount < _excluded.Length; i++)
        {
            NodeExclusions why = nodes[i].State.Exclusions;
            if (why != NodeExclusions.None)
                (_excluded[_excludedCount], _why[_excludedCount++]) = (nodes[i].State, why);
        }
    }
}
