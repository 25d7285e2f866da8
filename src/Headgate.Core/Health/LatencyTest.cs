using System.Globalization;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Health;

/// <summary>
/// Finds nodes that are slow beside their peers: whose median is more than a factor times the median of the other nodes' medians. The median of a window says what
/// half of its requests met, so a few very slow ones (a large report, a pause of the collector) do not count, nor does a mix of fast and slow requests as long as all
/// nodes get the same mix. Of an even number of peers the upper of the two middle ones counts: a node is slow only when more than half of its peers are that much
/// faster, so that nothing is found where all are slow, or half of them.
/// </summary>
internal static class LatencyTest
{
    /// <summary>Adds what it finds.</summary>
    public static void Find(LatencyOutlierConfig config, IReadOnlyList<NodeWindow> windows, List<OutlierFinding> found)
    {
        NodeWindow[] judged = [.. windows.Where(window => window.Latencies >= config.RequestVolume).OrderBy(window => window.MedianMs)];
        if (judged.Length < config.MinimumHosts)
            return;

        for (int i = 0; i < judged.Length; i++)
        {
            // The others' middle: in the order of all, one place further on when the node itself stands before it.
            int middle = (judged.Length - 1) / 2;
            double peers = judged[i <= middle ? middle + 1 : middle].MedianMs;
            double own = judged[i].MedianMs;
            if (own <= peers * config.Factor || own - peers < config.MinDifference.TotalMilliseconds)
                continue;
            found.Add(new OutlierFinding(judged[i].Node, EjectionReason.Latency, own / peers, string.Create(
                CultureInfo.InvariantCulture,
                $"half of {judged[i].Latencies} answers took {own:0.###} ms or more, {own / peers:0.#} times as long as with its peers ({peers:0.###} ms); the factor is {config.Factor}")));
        }
    }
}
