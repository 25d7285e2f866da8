using Headgate.Differential.Peers;
using Headgate.Testing;

namespace Headgate.Tests.Fuzz;

/// <summary>What a gateway at rest holds: descriptors (those of idle connections to nodes left out) and resident memory.</summary>
/// <param name="Descriptors">Open file descriptors.</param>
/// <param name="ResidentMb">Resident memory in MiB.</param>
internal sealed record GatewayGauge(double Descriptors, double ResidentMb)
{
    /// <summary>Waits until no client is connected any more, then reads.</summary>
    public static async Task<GatewayGauge> ReadAsync(HeadgateServer gateway)
    {
        await Eventually.HoldsAsync(async () => await gateway.MetricAsync("headgate_http_connections") == 0, "no client connection is left", 60);
        double descriptors = await gateway.MetricAsync("process_open_fds") - await gateway.MetricAsync("headgate_upstream_connections");
        return new GatewayGauge(descriptors, await gateway.MetricAsync("process_resident_memory_bytes") / (1 << 20));
    }

    /// <summary>Fails when the gateway has ended, logged a mistake of its own, or holds more than it did.</summary>
    public static async Task CheckAsync(HeadgateServer gateway, GatewayGauge before, double growthMbMax, ITestOutputHelper output)
    {
        gateway.HasExited.ShouldBeFalse(gateway.Log);
        GatewayGauge after = await ReadAsync(gateway);
        output.WriteLine($"at rest before: {before}, after: {after}");

        // 1200 is a mistake of the gateway's own; nothing that clients and nodes do is an error to an operator either.
        gateway.Log.Split('\n').Where(line => line.Contains("fail:", StringComparison.Ordinal) || line.Contains("[1200]", StringComparison.Ordinal)).Take(5).ShouldBeEmpty();

        // The metrics page that tells it is a connection of its own, which may be counted or not.
        after.Descriptors.ShouldBeInRange(0, before.Descriptors + 3);
        (after.ResidentMb - before.ResidentMb).ShouldBeLessThan(growthMbMax);
    }
}
