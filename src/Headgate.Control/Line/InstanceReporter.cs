using System.Runtime.CompilerServices;

namespace Headgate.Control.Line;

/// <summary>Makes the reports of one line: the first has everything, later ones what is different. Used by one loop.</summary>
internal sealed class InstanceReporter(LocalInstance instance, TimeProvider time)
{
    /// <summary>Between two reports while nothing happens.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Between two reports at least: while revision follows revision, not each is told.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Nodes of a report; more go into the next, at once.</summary>
    public const int NodesMax = 5000;

    /// <summary>Upstreams of routes in a report, at most 1.5 KB each.</summary>
    public const int UpstreamsMax = 2000;

    private IReadOnlyDictionary<(string Owner, string Node), NodeSighting> _told = new Dictionary<(string, string), NodeSighting>();
    private TrafficReport? _toldTraffic;
    private bool _isFirst = true;

    /// <summary>Reports for as long as the line is there: about every second, and as soon as another revision runs.</summary>
    public async IAsyncEnumerable<InstanceReport> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            long began = time.GetTimestamp();
            long revision = instance.Running.Revision;
            foreach (InstanceReport report in Next())
                yield return report;
            using var turn = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var interval = new CancellationTokenSource(Interval, time);
            using CancellationTokenRegistration ends = interval.Token.Register(static turn => ((CancellationTokenSource)turn!).Cancel(), turn);
            try
            {
                await instance.WaitAfterAsync(revision, turn.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // a second has passed
            }

            if (Pause - time.GetElapsedTime(began) is { Ticks: > 0 } left)
                await Task.Delay(left, time, cancellationToken);
        }
    }

    private List<InstanceReport> Next()
    {
        var report = new InstanceReport(instance.Running) { IsFull = _isFirst };
        _isFirst = false;
        NodeTraffic[][] traffic = [];
        UpstreamTraffic[][] upstreams = [];
        if (instance.Traffic is { } measured && !ReferenceEquals(measured, _toldTraffic))
        {
            _toldTraffic = measured;
            traffic = [.. measured.Nodes.Chunk(NodesMax)];
            upstreams = [.. (measured.Upstreams ?? []).Chunk(UpstreamsMax)];
            report = report with { Traffic = measured with { Nodes = traffic.FirstOrDefault() ?? [], Upstreams = upstreams.FirstOrDefault() ?? [] } };
        }

        NodeSighting[][] nodes = [.. News().Chunk(NodesMax)];
        var reports = new List<InstanceReport> { nodes.Length > 0 ? report with { Nodes = nodes[0] } : report };
        reports.AddRange(nodes.Skip(1).Select(more => new InstanceReport(report.Running) { Nodes = more }));
        reports.AddRange(traffic.Skip(1).Select(more => new InstanceReport(report.Running) { MoreTraffic = more }));
        reports.AddRange(upstreams.Skip(1).Select(more => new InstanceReport(report.Running) { MoreUpstreams = more }));
        return reports;
    }

    private List<NodeSighting> News()
    {
        IReadOnlyDictionary<(string Owner, string Node), NodeSighting> now = instance.Sightings;
        var news = new List<NodeSighting>();
        if (ReferenceEquals(now, _told))
            return news;
        foreach ((string owner, string node) in _told.Keys)
        {
            if (!now.ContainsKey((owner, node)))
                news.Add(new NodeSighting(owner, node, "up", []));
        }

        foreach (((string, string) key, NodeSighting sighting) in now)
        {
            if (!_told.TryGetValue(key, out NodeSighting? told) || !ReferenceEquals(told, sighting))
                news.Add(sighting);
        }

        _told = now;
        return news;
    }
}
