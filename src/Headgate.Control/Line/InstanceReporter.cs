using System.Runtime.CompilerServices;

namespace Headgate.Control.Line;

/// <summary>Makes the reports of one line: the first has everything, later ones what is different. Used by one loop.</summary>
internal sealed class InstanceReporter(LocalInstance instance, TimeProvider time)
{
    /// <summary>Between two reports while nothing happens.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Nodes of a report; more go into the next, at once.</summary>
    private const int NodesMax = 5000;

    private Dictionary<(string Owner, string Node), NodeSighting> _told = [];
    private TrafficReport? _toldTraffic;
    private bool _isFirst = true;

    /// <summary>Reports for as long as the line is there: about every second, and as soon as another revision runs.</summary>
    public async IAsyncEnumerable<InstanceReport> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
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
        }
    }

    private List<InstanceReport> Next()
    {
        var reports = new List<InstanceReport>();
        var report = new InstanceReport(instance.Running) { IsFull = _isFirst };
        _isFirst = false;
        TrafficReport? traffic = instance.Traffic;
        if (!ReferenceEquals(traffic, _toldTraffic))
            report = report with { Traffic = _toldTraffic = traffic };
        foreach (NodeSighting[] nodes in News().Chunk(NodesMax))
        {
            reports.Add(report with { Nodes = nodes });
            report = new InstanceReport(report.Running);
        }

        if (reports.Count == 0)
            reports.Add(report);
        return reports;
    }

    private List<NodeSighting> News()
    {
        IReadOnlyDictionary<(string Owner, string Node), NodeSighting> now = instance.Sightings;
        var news = new List<NodeSighting>();
        foreach ((string owner, string node) in _told.Keys.Where(told => !now.ContainsKey(told)).ToArray())
        {
            news.Add(new NodeSighting(owner, node, "up", []));
            _told.Remove((owner, node));
        }

        foreach (((string, string) key, NodeSighting sighting) in now)
        {
            if (_told.TryGetValue(key, out NodeSighting? told) && ReferenceEquals(told, sighting))
                continue;
            news.Add(sighting);
            _told[key] = sighting;
        }

        return news;
    }
}
