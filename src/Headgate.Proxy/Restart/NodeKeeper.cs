using System.Buffers;
using System.Security.Cryptography;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Restart;

/// <summary>
/// Keeps what has been learnt about nodes over a restart of the process: a file that is written soon after each change of a node, now and then for what changes without
/// one (counters, latencies, slow starts), and at the stop. Thread-safe; writes on the thread pool, one at a time.
/// </summary>
public sealed class NodeKeeper : INodeMemory, INodeChangeObserver, IDisposable
{
    /// <summary>From a change of a node to the writing of it; what changes meanwhile is written with it.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(500);

    /// <summary>How often counters, latencies and slow starts are written when they have changed.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>How often the file is written although nothing has changed: its time says until when its verdicts were true.</summary>
    private static readonly TimeSpan Renewal = TimeSpan.FromMinutes(1);

    /// <summary>After a long write the next waits for so many times its duration: thousands of nodes that flap must not keep a core busy.</summary>
    private const int PauseFactor = 20;

    private readonly Lock _lock = new();
    private readonly Lock _writing = new();
    private readonly Dictionary<NodeKey, NodeRecord> _recalled = [];
    private readonly NodeKeeperOptions _options;
    private readonly StateFile _file;
    private readonly ServedUpstreams _served;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;

    // Under _lock.
    private DateTimeOffset _readAt;
    private TimeSpan _pause;
    private bool _isSoon;
    private bool _stopped = true;

    // Under _writing.
    private byte[] _digest = SHA256.HashData([]);
    private DateTimeOffset _writtenAt;
    private bool _fails;
    private bool _full;

    /// <summary>Makes a keeper of the nodes of <paramref name="served"/>; it neither reads nor writes before <see cref="Start"/>.</summary>
    public NodeKeeper(NodeKeeperOptions options, ServedUpstreams served, TimeProvider time, ILogger<NodeKeeper> logger)
    {
        _options = options;
        _file = new StateFile(options.File);
        _served = served;
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(static state => ((NodeKeeper)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        served.Listen(this);
    }

    /// <summary>Reads the file and begins to keep. Before the first node enters. A file that cannot be used is set aside, and stops nothing.</summary>
    public void Start()
    {
        Read();
        lock (_lock)
        {
            _stopped = false;
            _timer.Change(Period, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Writes for the last time.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            if (_stopped)
                return;
            _stopped = true;
        }

        Write(isLast: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    /// <inheritdoc/>
    public void Recall(NodeState node)
    {
        NodeRecord? record;
        lock (_lock)
        {
            if (!_recalled.Remove(node.Key, out record))
                return;
        }

        KeeperClocks clocks = KeeperClocks.Read(_time);
        TimeSpan age = clocks.Now - (record.AsOf ?? default);
        bool isOld = age.Duration() >= _options.VerdictAgeMax; // a time ahead of ours is no better: the clock was set back
        RecallTimeline(node, record, isOld, clocks.Now);
        if (isOld)
            return;
        if (_options.KeepsHealth)
            node.Health.Restore(record.Health);
        double latencyAgeMs = Math.Max(0, record.LatencyAgeMs) + Math.Max(0, age.TotalMilliseconds);
        if (record.LatencyMs is { } latencyMs && latencyAgeMs < LatencyEstimate.ForgottenMs)
            node.Latency.Restore(latencyMs, clocks.LatencyMs - (long)latencyAgeMs);

        // By a clock that was set back the process would not have stopped yet; no node is made to wait for that time to come again.
        DateTimeOffset reached = age > TimeSpan.Zero ? clocks.Now : clocks.Now - age;
        record.Ejection?.At(reached).Restore(node, clocks.OutlierMs);
        record.WarmUp?.Restore(ref node.WarmUp, clocks.Now, reached);
    }

    /// <inheritdoc/>
    public void Changed(NodeState node, NodeChange change)
    {
        lock (_lock)
        {
            if (_isSoon || _stopped)
                return;
            _isSoon = true;
            _timer.Change(_pause > Delay ? _pause : Delay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Puts the timeline back, with a line for each state that it ends in and that is not taken over.</summary>
    private void RecallTimeline(NodeState node, NodeRecord record, bool isOld, DateTimeOffset now)
    {
        if (record.Timeline.Count > 0)
            node.Timeline.Restore(record.Timeline);
        const string TooOld = "what was known before the restart is too old";
        bool endsEjected = record.Timeline.LastOrDefault(change => change.Kind is NodeChangeKind.Ejected or NodeChangeKind.Returned) is { Kind: NodeChangeKind.Ejected };
        if (endsEjected && (isOld || record.Ejection is not { IsEjected: true }))
            node.Timeline.Add(new NodeChange(now, NodeChangeKind.Returned, "restart", isOld ? TooOld : "until when it was ejected is not known any more"));
        if ((isOld || !_options.KeepsHealth) && record.Health.Status > HealthStatus.MostlyHealthy)
            node.Timeline.Add(new NodeChange(now, NodeChangeKind.Healthy, "restart", isOld ? TooOld : "health checks are off"));
    }

    private void Read()
    {
        try
        {
            if (_file.Read(2 * _options.FileBytesMax) is not { } bytes)
                return;
            _digest = []; // what is in the file is not what this process would write
            NodeRecords records = NodeRecordsJson.Read(bytes);
            lock (_lock)
            {
                _readAt = _time.GetUtcNow();
                foreach (NodeRecord node in records.Nodes)
                    _recalled[node.Key] = node;
            }

            double seconds = (_time.GetUtcNow() - records.Written).TotalSeconds;
            RestartLog.NodesRead(_logger, records.Nodes.Count, seconds);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            SetAside(e.Message);
        }
    }

    private void SetAside(string problem)
    {
        try
        {
            _file.SetAside();
            RestartLog.FileSetAside(_logger, _file.Path, problem, _file.Aside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RestartLog.FileNotWritten(_logger, _file.Path, $"{problem}; it cannot be moved away either: {e.Message}");
        }
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            if (_stopped)
                return;
            _isSoon = false; // from here on a change asks for the next write: this one may have passed its node
        }

        long begun = _time.GetTimestamp();
        Write(isLast: false);
        lock (_lock)
        {
            _pause = _time.GetElapsedTime(begun) * PauseFactor;
            if (!_isSoon && !_stopped)
                _timer.Change(_pause > Period ? _pause : Period, Timeout.InfiniteTimeSpan);
        }
    }

    private void Write(bool isLast)
    {
        lock (_writing)
        {
            DateTimeOffset now = _time.GetUtcNow();
            ArrayBufferWriter<byte> nodes = Compose(now);
            byte[] digest = SHA256.HashData(nodes.WrittenSpan);
            bool isSame = digest.AsSpan().SequenceEqual(_digest);
            bool renews = nodes.WrittenCount > 0 && (isLast || (now - _writtenAt).Duration() >= Renewal);
            if (isSame && !renews)
                return;
            try
            {
                _file.Write(NodeRecordsJson.Head(now), nodes.WrittenMemory, NodeRecordsJson.Tail.ToArray());
                (_digest, _writtenAt) = (digest, now);
                if (_fails)
                    RestartLog.FileWrittenAgain(_logger, _file.Path);
                _fails = false;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (!_fails)
                    RestartLog.FileNotWritten(_logger, _file.Path, e.Message);
                _fails = true;
            }
        }
    }

    /// <summary>The nodes as text, those first that something happened to latest.</summary>
    private ArrayBufferWriter<byte> Compose(DateTimeOffset now)
    {
        List<NodeRecord> records = Collect(now);
        records.Sort(static (a, b) => (b.Timeline.Count == 0 ? default : b.Timeline[^1].At).CompareTo(a.Timeline.Count == 0 ? default : a.Timeline[^1].At));
        var text = new ArrayBufferWriter<byte>();
        int written = 0;
        foreach (NodeRecord record in records)
        {
            if (text.WrittenCount >= _options.FileBytesMax)
                break;
            if (written++ > 0)
                text.Write(",\n"u8);
            NodeRecordsJson.Write(text, record, text.WrittenCount < _options.FileBytesMax / 2 ? NodeTimeline.Length : 1);
        }

        if (written < records.Count && !_full)
            RestartLog.FileFull(_logger, _file.Path, _options.FileBytesMax, records.Count - written);
        _full = written < records.Count;
        return text;
    }

    /// <summary>The nodes that are served, and for a while those of the file that have not come back yet: their objects may be late, not gone.</summary>
    private List<NodeRecord> Collect(DateTimeOffset now)
    {
        KeeperClocks clocks = KeeperClocks.Read(_time);
        var records = new List<NodeRecord>();
        foreach (ServedUpstream served in _served.All)
        {
            foreach (NodeSnapshot node in served.Upstream.Nodes)
            {
                if (NodeRecord.Of(node.State, served.Upstream.Config.OutlierDetection, clocks) is { } record)
                    records.Add(record);
            }
        }

        lock (_lock)
        {
            if ((now - _readAt).Duration() >= NodeDirectory.RememberedFor)
                _recalled.Clear();
            records.AddRange(_recalled.Values);
        }

        return records;
    }
}
