using System.Diagnostics;
using System.Net;

namespace Headgate.Core.Upstreams;

/// <summary>
/// What has been learnt about a node. Found by <see cref="NodeKey"/>, it outlives every snapshot: an edit that keeps the node keeps this object.
/// Thread-safe; the addresses have a single writer (the resolver).
/// </summary>
public sealed class NodeState
{
    private const int InFlightBits = 24;
    private const long InFlightMask = (1L << InFlightBits) - 1;

    // Null until the first use of a node whose host is an address: of 100,000 configured nodes most see no traffic, and their endpoints would be 15 MB.
    private EndpointState[]? _endpoints;
    private DepartedEndpoints? _departed;
    private NodeHealth _health;

    // Tries under way in the lower bits, tries that have ended above them: of 100,000 configured nodes each byte is 100 KB, and one addition does for either.
    private long _tries;

    // NodeExclusions but for Unhealthy, which the health says; read by those who build pickers, written by who excludes.
    private int _exclusions;
    private bool _isForcedUp;
    private bool _isPastDeadline;
    private NodeTimeline? _timeline;
    private int _turn;
    private int _failures;
    private LatencyEstimate _latency;
    private OutlierState? _outlier;
    private PickShare _share;
    private RequestPermits _permits;
    private WarmUpClock _warmUp;

    /// <summary>
    /// What the data plane counts of its tries; null until the first that it counts. Written by the data plane (compare-and-swap) and never read by Core: it hangs here so that a
    /// request reaches it without a look-up.
    /// </summary>
    public object? Counts;

    /// <summary>Makes the state of a node that was never seen before. A host that is an address has its endpoint without anybody's help.</summary>
    public NodeState(NodeKey key)
    {
        Key = key;
        HasLiteralHost = LiteralAddress.TryParse(key.Host, out _);
        _endpoints = HasLiteralHost ? null : [];
    }

    /// <summary>Identity.</summary>
    public NodeKey Key { get; }

    /// <summary>Whether the host is an address: its one endpoint never changes and nobody resolves it.</summary>
    public bool HasLiteralHost { get; }

    /// <summary>Addresses the host resolves to now; empty until the first resolution succeeded. Replaced as a whole by the resolver.</summary>
    public IReadOnlyList<EndpointState> Endpoints => Volatile.Read(ref _endpoints) ?? MakeLiteral();

    /// <summary>The endpoint of a node that has exactly one, as most do; null otherwise.</summary>
    public EndpointState? SoleEndpoint => (Volatile.Read(ref _endpoints) ?? MakeLiteral()) is [var sole] ? sole : null;

    /// <summary>Health, as checks have found it; healthy for as long as nobody checks.</summary>
    public ref NodeHealth Health => ref _health;

    /// <summary>Why it gets no requests now. Any thread.</summary>
    public NodeExclusions Exclusions => (NodeExclusions)Volatile.Read(ref _exclusions) | (_health.IsHealthy ? NodeExclusions.None : NodeExclusions.Unhealthy);

    /// <summary>An operator's word: what checks and outlier detection find is noted and has no effect.</summary>
    public bool IsForcedUp
    {
        get => Volatile.Read(ref _isForcedUp);
        set => Volatile.Write(ref _isForcedUp, value);
    }

    /// <summary>
    /// It is drained and the drain's deadline has passed: nothing goes there any more, not even requests of sessions that are kept. Takes effect with
    /// <c>UpstreamSnapshot.RefreshUsable</c>.
    /// </summary>
    public bool IsPastDeadline
    {
        get => Volatile.Read(ref _isPastDeadline);
        set => Volatile.Write(ref _isPastDeadline, value);
    }

    /// <summary>Whether it may be picked while others that may are left.</summary>
    public bool IsUsable => Exclusions is var exclusions && (exclusions == NodeExclusions.None || (IsForcedUp && !IsWithdrawn));

    /// <summary>Whether an operator has taken it out: then it is not even used when nothing else is left.</summary>
    public bool IsWithdrawn => (Exclusions & (NodeExclusions.Draining | NodeExclusions.ForcedDown)) != 0;

    /// <summary>Whether nothing but a drain that is not past its deadline keeps it out: then requests of sessions may stay on it, where the upstream asks for that.</summary>
    public bool KeepsSessions
    {
        get
        {
            NodeExclusions others = Exclusions & ~NodeExclusions.Draining;
            return !IsPastDeadline && (others == NodeExclusions.None || (IsForcedUp && (others & NodeExclusions.ForcedDown) == 0));
        }
    }

    /// <summary>What happened to it.</summary>
    public NodeTimeline Timeline => Volatile.Read(ref _timeline) ?? Interlocked.CompareExchange(ref _timeline, new NodeTimeline(), null) ?? _timeline!;

    /// <summary>A copy of what is in <see cref="Timeline"/>, the oldest first. Asking for it makes no timeline: most nodes never have one.</summary>
    public IReadOnlyList<NodeChange> Changes => Volatile.Read(ref _timeline)?.Changes ?? [];

    /// <summary>The latest of <see cref="Changes"/>; null when nothing happened to it.</summary>
    public NodeChange? LatestChange => Volatile.Read(ref _timeline)?.Latest;

    /// <summary>Adds a reason, not <see cref="NodeExclusions.Unhealthy"/>; false when it held already. Takes effect with <c>UpstreamSnapshot.RefreshUsable</c>.</summary>
    public bool Exclude(NodeExclusions why) => ((NodeExclusions)Interlocked.Or(ref _exclusions, (int)why) & why) != why;

    /// <summary>Takes a reason back; false when it did not hold.</summary>
    public bool Admit(NodeExclusions why) => ((NodeExclusions)Interlocked.And(ref _exclusions, ~(int)why) & why) != 0;

    /// <summary>Tries under way, at all addresses, those that the host no longer resolves to included. Policies read it for every node of a tier, so it is one load.</summary>
    public long InFlight => Volatile.Read(ref _tries) & InFlightMask;

    /// <summary>Tries that have ended so far, in this process, modulo 2^40. Any thread.</summary>
    public long Tries => (long)((ulong)Volatile.Read(ref _tries) >> InFlightBits);

    /// <summary>Those of <see cref="Tries"/> that ended without an answer, or with one of 500 or more; modulo 2^32.</summary>
    public uint Failures => (uint)Volatile.Read(ref _failures);

    /// <summary>
    /// How long the node takes to begin an answer, whichever address gave it. Fed by the data plane with every answer, so that a policy that looks at it begins with what is known; with failed
    /// tries only for such a policy (<c>UpstreamSnapshot.MeasuresLatency</c>). Thread-safe.
    /// </summary>
    public ref LatencyEstimate Latency => ref _latency;

    /// <summary>What outlier detection knows; made by the first use, which upstreams without it never come to.</summary>
    public OutlierState Outlier => Volatile.Read(ref _outlier) ?? Interlocked.CompareExchange(ref _outlier, new OutlierState(), null) ?? _outlier!;

    /// <summary>Whether outlier detection knows anything.</summary>
    public bool HasOutlier => Volatile.Read(ref _outlier) is not null;

    /// <summary>Forgets what outlier detection knew, and ends an ejection: true when there was one.</summary>
    public bool ForgetOutlier()
    {
        Volatile.Write(ref _outlier, null);
        _share.Set(PickShareCause.Trial, PickShare.Full);
        return Admit(NodeExclusions.Ejected);
    }

    /// <summary>How much it takes of what the policy gives it: all, unless it warms up or is tried out.</summary>
    public ref PickShare Share => ref _share;

    /// <summary>Its requests under way and how many there may be; counted in upstreams with a limit only (<c>UpstreamSnapshot.Queue</c>).</summary>
    public ref RequestPermits Permits => ref _permits;

    /// <summary>Since when it warms up; kept by slow start.</summary>
    public ref WarmUpClock WarmUp => ref _warmUp;

    /// <summary>A try at one of the addresses begins. Any thread.</summary>
    public void BeginTry() => Interlocked.Increment(ref _tries);

    /// <summary>A try ended, however it ended. Exactly once per <see cref="BeginTry"/>.</summary>
    public void EndTry() => Interlocked.Decrement(ref _tries);

    /// <summary>Counts a try that came out one way or the other; one that was cancelled says nothing of the node and is not counted.</summary>
    public void CountTry(bool failed)
    {
        Interlocked.Add(ref _tries, 1L << InFlightBits); // on the cache line of what is under way, which this thread has just written
        if (failed)
            Interlocked.Increment(ref _failures);
    }

    /// <summary>
    /// Replaces the addresses by those of a resolution, duplicates counting once. An address that stays keeps its <see cref="EndpointState"/>, and so does one that
    /// comes back within <see cref="NodeDirectory.RememberedFor"/> (DNS servers rotate answers). Nothing changes when the addresses are the same in the same order.
    /// Single writer: the resolver. Never call it with an empty list to report a failure: the last good addresses stay.
    /// </summary>
    public void SetAddresses(IReadOnlyList<IPAddress> addresses, TimeProvider time)
    {
        EndpointState[] before = Volatile.Read(ref _endpoints) ?? MakeLiteral();
        var after = new List<EndpointState>(addresses.Count);
        foreach (IPAddress address in addresses)
        {
            if (Find(after, address) is null)
                after.Add(Find(before, address) ?? _departed?.Take(address, time) ?? new EndpointState(this, new IPEndPoint(address, Key.Port)));
        }

        if (before.AsSpan().SequenceEqual(after.ToArray()))
            return;

        foreach (EndpointState endpoint in before)
        {
            if (!after.Contains(endpoint))
                (_departed ??= new DepartedEndpoints()).Add(endpoint, time);
        }

        SetEndpoints([.. after]);
    }

    /// <summary>Replaces the endpoints as they are given. Single writer: the resolver.</summary>
    public void SetEndpoints(EndpointState[] endpoints) => Volatile.Write(ref _endpoints, endpoints);

    /// <summary>The next endpoint in turn; null while none is known. Never blocks; allocates only when a node is used for the first time.</summary>
    public EndpointState? NextEndpoint()
    {
        EndpointState[] endpoints = Volatile.Read(ref _endpoints) ?? MakeLiteral();
        return endpoints.Length switch
        {
            0 => null,
            1 => endpoints[0],
            _ => endpoints[(int)((uint)Interlocked.Increment(ref _turn) % (uint)endpoints.Length)],
        };
    }

    /// <summary>First use of a literal host; of threads that come at once one wins and all get its endpoint.</summary>
    private EndpointState[] MakeLiteral()
    {
        bool isAddress = LiteralAddress.TryParse(Key.Host, out IPAddress address);
        Debug.Assert(isAddress, "the endpoints of a host name are never null");
        EndpointState[] made = [new EndpointState(this, new IPEndPoint(address, Key.Port))];
        return Interlocked.CompareExchange(ref _endpoints, made, null) ?? made;
    }

    private static EndpointState? Find(IReadOnlyList<EndpointState> endpoints, IPAddress address)
    {
        foreach (EndpointState endpoint in endpoints)
        {
            if (endpoint.Address.Address.Equals(address))
                return endpoint;
        }

        return null;
    }
}
