using Headgate.Core.Snapshot;
using Headgate.Core.Tests.LoadBalancing;
using Headgate.Testing;
using static Headgate.Core.Tests.Snapshot.Picking;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>Nodes of the gateway's own zone first.</summary>
public sealed class ZonePickTests : IDisposable
{
    private readonly Gateway _gateway = new(new BalancingSettings("east", []));

    public static TheoryData<string> Policies => PolicyContractTests.Policies;

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [MemberData(nameof(Policies))]
    public void Pick_EveryPolicy_OwnZoneFirstThenTheOthersOfThePriority(string type)
    {
        UpstreamSnapshot upstream = Put($"\"type\":\"{type}\",\"key\":\"remote_addr\",\"zone_aware\":{{}}");

        int[] counts = Count(upstream, 40);
        (counts[3] + counts[4] + counts[5]).ShouldBe(0);
        Pick(upstream, null, 0, 1, 2)!.Index.ShouldBeOneOf(3, 4);
        Pick(upstream, null, 0, 1, 2, 3, 4).ShouldBeSameAs(upstream.Nodes[5]);
        Pick(upstream, null, 0, 1, 2, 3, 4, 5).ShouldBeNull();
    }

    [Theory]
    [InlineData("{}", 0, 0)] // 3 of 4 parts of the weight are 75 %
    [InlineData("{\"min_percent\":75}", 0, 0)]
    [InlineData("{\"min_percent\":76}", 0, 10)]
    [InlineData("{\"min_size\":2}", 0, 0)]
    [InlineData("{\"min_size\":3}", 0, 10)]
    [InlineData("{\"min_percent\":100,\"min_size\":3}", -1, 0)]
    [InlineData("{\"min_size\":4}", -1, 10)]
    public void Pick_PartOfTheOwnZoneUsable_OthersAreUsedBelowTheLimits(string zoneAware, int excluded, int others)
    {
        UpstreamSnapshot upstream = Put("\"zone_aware\":" + zoneAware);
        if (excluded >= 0)
            Exclude(upstream, excluded);

        // Spilled over, the priority is one tier again: its weights are 1 (or none), 1, 2, 1, 1.
        int cycle = excluded >= 0 ? 5 : 6;
        int[] counts = Count(upstream, 5 * cycle);
        (counts[3] + counts[4]).ShouldBe(others);
        counts[5].ShouldBe(0);
    }

    [Fact]
    public void Pick_OwnZoneComesBack_IsPreferredAgain()
    {
        UpstreamSnapshot upstream = Put("\"zone_aware\":{}");
        Exclude(upstream, 1);
        Exclude(upstream, 2);
        Count(upstream, 9).ShouldBe([3, 0, 0, 3, 3, 0]);
        Admit(upstream, 2);
        Count(upstream, 9).ShouldBe([3, 0, 6, 0, 0, 0]);
    }

    [Fact]
    public void Pick_GatewayWithoutZoneOrInAnother_UsesAll()
    {
        foreach (string? zone in (string?[])[null, "north"])
        {
            using var gateway = new Gateway(new BalancingSettings(zone, []));
            Count(Put("\"zone_aware\":{}", gateway), 6).ShouldBe([1, 1, 2, 1, 1, 0]);
        }
    }

    [Fact]
    public void Apply_OptionComesAndGoes_SharesFollow()
    {
        Count(Put("\"retries\":1"), 6).ShouldBe([1, 1, 2, 1, 1, 0]);
        Count(Put("\"zone_aware\":{}"), 4).ShouldBe([1, 1, 2, 0, 0, 0]);
        Count(Put("\"retries\":1"), 6).ShouldBe([1, 1, 2, 1, 1, 0]);
    }

    [Fact]
    public void Pick_SubsetsInZones_PreferTheirOwnZonesNodes()
    {
        UpstreamSnapshot upstream = Put("\"zone_aware\":{},\"subset\":{\"keys\":{\"rack\":\"http_x_rack\"}}");

        // Rack 1 has node 0 in the zone and node 3 outside.
        TestRequest request = new TestRequest("a.test", "/").With("x-rack", "1");
        Count(upstream, 4, request).ShouldBe([4, 0, 0, 0, 0, 0]);
        Pick(upstream, request, 0).ShouldBeSameAs(upstream.Nodes[3]);
        Exclude(upstream, 0);
        Count(upstream, 4, request).ShouldBe([0, 0, 0, 4, 0, 0]);
    }

    /// <summary>East with weights 1, 1, 2; west with 1, 1; and one of a lower priority in the east.</summary>
    private UpstreamSnapshot Put(string more, Gateway? gateway = null)
    {
        return (gateway ?? _gateway).PutUpstream($$$"""
            {"nodes":[
              {"host":"10.0.0.1","weight":1,"metadata":{"zone":"east","rack":"1"}},
              {"host":"10.0.0.2","weight":1,"metadata":{"zone":"east"}},
              {"host":"10.0.0.3","weight":2,"metadata":{"zone":"east"}},
              {"host":"10.0.0.4","weight":1,"metadata":{"zone":"west","rack":"1"}},
              {"host":"10.0.0.5","weight":1,"metadata":{"zone":"west"}},
              {"host":"10.0.0.6","weight":1,"priority":-1,"metadata":{"zone":"east"}}],{{{more}}}}
            """);
    }
}
