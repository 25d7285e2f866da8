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
    private bool _isUsed;

    /// <summary>How a try ended, for people.</summary>
    public static string Name(AttemptFailure failure) => Names[failure];

    /// <summary>Takes a request that has ended in the place of an older one. Allocates nothing.</summary>
    public void Set(Exchange exchange, RequestTrace trace, DateTimeOffset at)
    {
        _isUsed = true;
        (_at, _duration, _status) = (at, Stopwatch.GetElapsedTime(trace.Begun, trace.Ended), trace.Status);
        (_routeId, _upstream) = (trace.Route?.Config.Id, trace.Upstream?.Owner);
        _methodLength = Copy(exchange.Method, _method);
        _hostLength = Copy(exchange.Host, _host);
        _pathLength = Copy(exchange.Path, _path);
        trace.CopyTo(_trace);
        _excludedCount = 0;
        if (trace.Upstream is { } upstream)
            NoteExcluded(upstream.Nodes);
    }

    /// <summary>What it holds; null when nothing yet.</summary>
    public RecentDecision? Get() => !_isUsed ? null : new RecentDecision
    {
        At = _at,
        DurationMs = (long)_duration.TotalMilliseconds,
        Method = Encoding.Latin1.GetString(_method, 0, _methodLength),
        Host = Encoding.Latin1.GetString(_host, 0, _hostLength),
        Path = Encoding.UTF8.GetString(_path, 0, _pathLength),
        RouteId = _routeId,
        Upstream = _upstream,
        Status = _status,
        TriesCount = _trace.Count,
        Tries = Tries(_trace.Tries),
        Excluded = [.. Enumerable.Range(0, _excludedCount).Select(i => ($"{_excluded[i]!.Key.Host}:{_excluded[i]!.Key.Port}", _why[i]))],
    };

    private static List<RecentTry> Tries(ReadOnlySpan<TracedTry> traced)
    {
        var tries = new List<RecentTry>(traced.Length);
        foreach (ref readonly TracedTry one in traced)
            tries.Add(new RecentTry($"{one.Node.Key.Host}:{one.Node.Key.Port}", Name(one.Failure), one.Failure == AttemptFailure.None ? one.Status : 0));
        return tries;
    }

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
