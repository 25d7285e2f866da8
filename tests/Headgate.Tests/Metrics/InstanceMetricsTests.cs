using Headgate.Control.FleetHealth;
using Headgate.Metrics;

namespace Headgate.Tests.Metrics;

public sealed class InstanceMetricsTests
{
    [Fact]
    public void Write_EachStatusOfAGroupIsCounted_AndWhoIsExpectedHasLines()
    {
        string[] samples = Write([
            Instance("default", "gw-1", "healthy", behind: 0, silent: 0.5),
            Instance("default", "gw-2", "out_of_sync", behind: 12, silent: 1),
            Instance("default", "gw-3", "offline", behind: 9000, silent: 8000),
            Instance("blue", "gw-1", "healthy", behind: 0, silent: 0.25),
        ]);

        samples.ShouldBe([
            """headgate_instances{gateway_group="default",status="healthy"} 1""",
            """headgate_instances{gateway_group="default",status="out_of_sync"} 1""",
            """headgate_instances{gateway_group="default",status="lost_connection"} 0""",
            """headgate_instances{gateway_group="default",status="offline"} 1""",
            """headgate_instances{gateway_group="blue",status="healthy"} 1""",
            """headgate_instances{gateway_group="blue",status="out_of_sync"} 0""",
            """headgate_instances{gateway_group="blue",status="lost_connection"} 0""",
            """headgate_instances{gateway_group="blue",status="offline"} 0""",
            """headgate_instance_behind_seconds{gateway_group="default",instance="gw-2"} 12""",
            """headgate_instance_behind_seconds{gateway_group="default",instance="gw-1"} 0""",
            """headgate_instance_behind_seconds{gateway_group="blue",instance="gw-1"} 0""",
            """headgate_instance_heard_seconds_ago{gateway_group="default",instance="gw-2"} 1""",
            """headgate_instance_heard_seconds_ago{gateway_group="default",instance="gw-1"} 0.5""",
            """headgate_instance_heard_seconds_ago{gateway_group="blue",instance="gw-1"} 0.25""",
        ]);
    }

    [Fact]
    public void Write_TooManyInstances_ThoseUnheardForLongestHaveLines_AndAllAreCounted()
    {
        string[] samples = Write([.. Enumerable.Range(0, InstanceMetrics.InstancesMax + 3).Select(number => Instance("default", $"gw-{number}", "healthy", behind: 0, silent: number))]);

        samples.Length.ShouldBe(InstanceStatuses.Names.Count + (2 * InstanceMetrics.InstancesMax));
        samples[0].ShouldEndWith($" {InstanceMetrics.InstancesMax + 3}");
        samples.ShouldNotContain(sample => sample.Contains("\"gw-2\"", StringComparison.Ordinal));
        samples.ShouldContain(sample => sample.Contains("\"gw-3\"", StringComparison.Ordinal));
    }

    private static InstanceStatus Instance(string group, string id, string status, double behind, double silent) =>
        new(group, id, status, status != "offline", TimeSpan.FromSeconds(behind), TimeSpan.FromSeconds(silent));

    private static string[] Write(IReadOnlyList<InstanceStatus> instances)
    {
        var writer = new MetricsWriter();
        new InstanceMetrics(() => instances).Write(writer);
        return [.. writer.ToString().Split('\n').Where(static line => line.Length > 0 && line[0] != '#')];
    }
}
