using System.Globalization;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Health;

/// <summary>Finds nodes of whose requests too many failed, by an absolute limit. As Envoy's failure percentage.</summary>
internal static class FailurePercentageTest
{
    /// <summary>Adds what it finds.</summary>
    public static void Find(FailurePercentageConfig config, IReadOnlyList<NodeWindow> windows, List<OutlierFinding> found)
    {
        if (windows.Count(window => window.Requests >= config.RequestVolume) < config.MinimumHosts)
            return;

        foreach (NodeWindow window in windows)
        {
            double percent = 100.0 * window.Failures / window.Requests;
            if (window.Requests < config.RequestVolume || percent < config.Threshold)
                continue;
            found.Add(new OutlierFinding(window.Node, EjectionReason.FailurePercentage, percent, string.Create(
                CultureInfo.InvariantCulture, $"{window.Failures} of {window.Requests} requests failed, {percent:0.#} %; the threshold is {config.Threshold} %")));
        }
    }
}
