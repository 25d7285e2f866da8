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
        return await NowAsync(gateway);
    }

    /// <summary>Fails when the gateway has ended, logged a mistake of its own, or holds more than it did.</summary>
    public static async Task CheckAsync(HeadgateServer gateway, GatewayGauge before, double growthMbMax, ITestOutputHelper output)
    {
        gateway.HasExited.ShouldBeFalse(gateway.Log);
        GatewayGauge after = await ReadAsync(gateway);

        // Descriptors that are about to be closed go in a moment, those that are lost stay. The page that tells it is a connection of its own, which may be counted or not.
        await Eventually.HoldsAsync(async () => (after = await NowAsync(gateway)).Descriptors <= before.Descriptors + 3, $"no descriptor is left over: {before}, {after}");
        output.WriteLine($"at rest before: {before}, after: {after}");

        // 1200 is a mistake of the gateway's own; nothing that clients and nodes do is an error to an operator either.
        gateway.Log.Split('\n').Where(line => line.Contains("fail:", StringComparison.Ordinal) || line.Contains("[1200]", StringComparison.Ordinal)).Take(5).ShouldBeEmpty();
        (after.ResidentMb - before.ResidentMb).ShouldBeLessThan(growthMbMax);
    }

    /// <summary>All of one page, so that a connection to a node which ends between two looks is not counted once only.</summary>
    private static async Task<GatewayGauge> NowAsync(HeadgateServer gateway)
    {
        double[] seen = await gateway.MetricsAsync("process_open_fds", "headgate_upstream_connections", "process_resident_memory_bytes");
        return new GatewayGauge(seen[0] - seen[1], seen[2] / (1 << 20));
    }
}
