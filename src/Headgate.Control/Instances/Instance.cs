using Headgate.Control.Line;
using Headgate.Core.Snapshot;

namespace Headgate.Control.Instances;

/// <summary>A gateway instance as this control plane knows it. Any thread.</summary>
internal sealed class Instance
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Owner, string Node), NodeSighting> _sightings = [];
    private readonly TimeProvider _time;
    private readonly Action _moved;
    private volatile RunningConfiguration _running = RunningConfiguration.None;
    private volatile TrafficReport? _traffic;
    private volatile IInstanceLine? _line;
    private DateTimeOffset? _failing;
    private long _heardTicks;
    private DateTimeOffset _toldTwice;
    private volatile bool _hasLeft;

    /// <summary>Makes one that has never been heard; <paramref name="moved"/> is called when it runs something else than before.</summary>
    public Instance(InstanceIdentity identity, DateTimeOffset heard, bool hasLeft, TimeProvider time, Action moved)
    {
        (Identity, _time, _moved) = (identity, time, moved);
        (_heardTicks, _hasLeft) = (heard.UtcTicks, hasLeft);
    }

    /// <summary>Who it is.</summary>
    public InstanceIdentity Identity { get; private set; }

    /// <summary>Whether it is the process of this control plane.</summary>
    public bool IsLocal { get; private set; }

    /// <summary>What it runs with, as it last told.</summary>
    public RunningConfiguration Running => _running;

    /// <summary>Its traffic of the last seconds; null = there is no figure, or it is not heard.</summary>
    public TrafficReport? Traffic => IsHeard ? _traffic : null;

    /// <summary>The way to it; null = there is none now.</summary>
    public IInstanceLine? Line => _line;

    /// <summary>When it was last heard.</summary>
    public DateTimeOffset Heard => new(Volatile.Read(ref _heardTicks), TimeSpan.Zero);

    /// <summary>Whether it has said that it stops.</summary>
    public bool HasLeft => _hasLeft;

    /// <summary>Whether it was heard of late, and has not stopped.</summary>
    public bool IsHeard => !_hasLeft && _time.GetUtcNow() - Heard <= InstanceTimes.LostAfter;

    /// <summary>Whether it has stopped, or was not heard for so long that nobody waits for it.</summary>
    public bool IsOffline => _hasLeft || _time.GetUtcNow() - Heard > InstanceTimes.OfflineAfter;

    /// <summary>Whether it was heard a moment ago, as one is that runs.</summary>
    public bool IsFresh => !_hasLeft && _time.GetUtcNow() - Heard <= InstanceTimes.FreshFor;

    /// <summary>The nodes that it does not simply see up. A copy.</summary>
    public IReadOnlyList<NodeSighting> Sightings
    {
        get
        {
            lock (_lock)
                return [.. _sightings.Values];
        }
    }

    /// <summary>How it sees a node; null = up, or it does not serve it.</summary>
    public NodeSighting? Sighting(string owner, string node)
    {
        lock (_lock)
            return _sightings.GetValueOrDefault((owner, node));
    }

    /// <summary>Whether it runs what its group has: told by the digest, for its number may be another one when it has read less, or nothing but this.</summary>
    public bool Runs(NewestRevision newest) => _running.Revision >= 0 && (_running.Digest == newest.Digest || _running.Revision > newest.Revision);

    /// <summary>Whether it runs a revision, or one after it.</summary>
    public bool HasReached(long revision, NewestRevision? newest) => _running.Revision >= revision || (newest is not null && newest.Revision >= revision && _running.Digest == newest.Digest);

    /// <summary>How it is, and why when it is not healthy.</summary>
    public (InstanceState State, string? Reason) StateNow(GroupRevisions group)
    {
        DateTimeOffset now = _time.GetUtcNow();
        TimeSpan silent = now - Heard;
        if (_hasLeft)
            return (InstanceState.Offline, "it has stopped");
        if (silent > InstanceTimes.OfflineAfter)
            return (InstanceState.Offline, $"not heard since {Heard:u}");
        if (silent > InstanceTimes.LostAfter)
            return (InstanceState.LostConnection, $"not heard for {silent.TotalSeconds:0} s");
        RunningConfiguration running = _running;
        if (running.FailingSince is { } since && FailingFor(now) > InstanceTimes.SyncGrace)
            return (InstanceState.OutOfSync, $"it cannot follow its store since {since:u}: {running.Failure}");
        if (BehindFor(group) is { } behind && behind > InstanceTimes.SyncGrace)
        {
            return (InstanceState.OutOfSync, running.Revision == group.Newest!.Revision
                ? $"it runs revision {running.Revision} with other content than the store has" : $"it runs revision {running.Revision}, the store has {group.Newest.Revision}");
        }

        return (InstanceState.Healthy, null);
    }

    /// <summary>For how long it has run less than its group has; null = it does not.</summary>
    public TimeSpan? BehindFor(GroupRevisions group) =>
        group.Newest is { } newest && !Runs(newest) ? _time.GetUtcNow() - (group.PassedAt(_running.Revision) ?? newest.At) : null;

    private TimeSpan FailingFor(DateTimeOffset now)
    {
        lock (_lock)
            return now - (_failing ?? now);
    }

    /// <summary>Takes in a report. <paramref name="over"/>: the line that it came by, unless that is no question; one that has been replaced tells nothing any more.</summary>
    public void Take(InstanceReport report, IInstanceLine? over = null)
    {
        bool runsOther;
        lock (_lock)
        {
            if (over is not null && over != _line)
                return;
            if (report.IsFull)
                _sightings.Clear();
            foreach (NodeSighting sighting in report.Nodes)
            {
                if (sighting is { State: "up", Exclusions.Count: 0 })
                    _sightings.Remove((sighting.Owner, sighting.Node));
                else
                    _sightings[(sighting.Owner, sighting.Node)] = sighting;
            }

            runsOther = _running.Revision != report.Running.Revision || _running.Digest != report.Running.Digest;
            _failing = report.Running.FailingSince is null ? null : _failing ?? _time.GetUtcNow(); // by this clock: the instance's may be another
            _running = report.Running;
            if ((report.Traffic ?? _traffic) is { } traffic)
                _traffic = With(traffic, report);
            Volatile.Write(ref _heardTicks, _time.GetUtcNow().UtcTicks);
        }

        if (runsOther)
            _moved();
    }

    /// <summary>With what there was no place for in the report that began it.</summary>
    private static TrafficReport With(TrafficReport traffic, InstanceReport report)
    {
        if (report.MoreTraffic.Count > 0)
            traffic = traffic with { Nodes = [.. traffic.Nodes, .. report.MoreTraffic] };
        return report.MoreUpstreams.Count == 0 ? traffic : traffic with { Upstreams = [.. traffic.Upstreams ?? [], .. report.MoreUpstreams] };
    }

    /// <summary>
    /// Why <paramref name="identity"/> may not come over another line now; null = it may. Who comes is the process that is here, which has lost its line, or one that was started after it. Two that
    /// live would else push each other off for ever. <paramref name="isFirst"/>: it is another process, and this was not said of it before.
    /// </summary>
    public string? RefusalTwice(InstanceIdentity identity, out bool isFirst)
    {
        lock (_lock)
        {
            isFirst = false;
            bool isSame = identity.StartTime == Identity.StartTime;
            if (_line is null || (!IsLocal && (identity.StartTime > Identity.StartTime || (isSame && !IsFresh))))
                return null;
            isFirst = !isSame && _toldTwice != identity.StartTime;
            _toldTwice = identity.StartTime;
            return isSame ? "this process has a line already; name each control plane once" : $"a process with this id is here already, on {Identity.Hostname}; each needs its own (apisix.id, instance.id)";
        }
    }

    /// <summary>It came, over <paramref name="line"/>; returns the one that it had.</summary>
    public IInstanceLine? Come(InstanceIdentity identity, IInstanceLine line, bool isLocal)
    {
        lock (_lock)
        {
            IInstanceLine? before = _line;
            (Identity, IsLocal) = (identity, isLocal);
            _line = line;
            _hasLeft = false;
            Volatile.Write(ref _heardTicks, _time.GetUtcNow().UtcTicks);
            return before;
        }
    }

    /// <summary>Its line ended; false when it has another one already.</summary>
    public bool Lose(IInstanceLine line, bool hasLeft)
    {
        lock (_lock)
        {
            if (_line != line)
                return false;
            _line = null;
            _hasLeft = hasLeft;
            return true;
        }
    }
}
