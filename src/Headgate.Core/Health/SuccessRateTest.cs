using System.Globalization;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Health;

/// <summary>
/// Finds nodes whose success rate lies too far below the mean of all, in standard deviations of the rates, as Envoy does. With nodes that hardly fail the deviation is
/// so small that one failure is far away; so what chance explains is no finding: were failures to strike all requests alike, a node would get as large a part of them
/// less than once in a million windows. That is bounded by Chernoff's inequality for a binomial variable: of K failures, of which each falls on the node with
/// probability q (its part of the requests), it has k or more with a probability of at most exp(−K · D), D being the relative entropy of k/K and q.
/// </summary>
internal static class SuccessRateTest
{
    /// <summary>−ln of the chance below which a finding counts.</summary>
    private static readonly double EvidenceMin = Math.Log(1e6);

    /// <summary>Adds what it finds.</summary>
    public static void Find(SuccessRateConfig config, IReadOnlyList<NodeWindow> windows, List<OutlierFinding> found)
    {
        NodeWindow[] judged = [.. windows.Where(window => window.Requests >= config.RequestVolume)];
        if (judged.Length < config.MinimumHosts)
            return;

        double mean = judged.Average(Rate);
        double deviation = Math.Sqrt(judged.Average(window => Math.Pow(Rate(window) - mean, 2)));
        double limit = mean - (deviation * config.StdevFactor / 1000);
        double failures = judged.Sum(window => window.Failures);
        double requests = judged.Sum(window => window.Requests);
        foreach (NodeWindow window in judged)
        {
            if (Rate(window) >= limit || Evidence(window.Failures, failures, window.Requests / requests) < EvidenceMin)
                continue;
            found.Add(new OutlierFinding(window.Node, EjectionReason.SuccessRate, limit - Rate(window), string.Create(
                CultureInfo.InvariantCulture,
                $"{100 * Rate(window):0.##} % of {window.Requests} requests succeeded; the mean of {judged.Length} nodes is {100 * mean:0.##} % and the limit {100 * limit:0.##} %")));
        }
    }

    private static double Rate(NodeWindow window) => 1 - ((double)window.Failures / window.Requests);

    /// <summary>K · D, 0 when the node has no more failures than its part.</summary>
    private static double Evidence(double own, double all, double part)
    {
        double share = own / all;
        if (!(share > part))
            return 0;
        double others = share >= 1 ? 0 : (1 - share) * Math.Log((1 - share) / (1 - part));
        return all * ((share * Math.Log(share / part)) + others);
    }
}
