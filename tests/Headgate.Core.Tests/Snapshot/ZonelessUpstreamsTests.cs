using Headgate.Core.Snapshot;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>Zones that a gateway without one can do nothing with are told once for each upstream.</summary>
public sealed class ZonelessUpstreamsTests
{
    private const string Aware = """{"nodes":[{"host":"10.0.0.1","port":80,"weight":1,"metadata":{"zone":"a"}}],"zone_aware":{}}""";

    [Fact]
    public void Apply_NoZone_NamesTheUpstreamOnce()
    {
        using var gateway = new Gateway();
        gateway.Put(("upstreams/u", Aware), ("routes/r", $$"""{"uri":"/a","upstream":{{Aware}}}"""), ("upstreams/v", Gateway.NodesJson("10.0.0.1:80")));
        gateway.Compiler.ZonelessUpstreams.Order().ShouldBe(["routes/r", "upstreams/u"]);
        gateway.Put(("upstreams/u", Aware.Replace("10.0.0.1", "10.0.0.2")));
        gateway.Compiler.ZonelessUpstreams.ShouldBeEmpty();
        gateway.Put(("upstreams/u", Gateway.NodesJson("10.0.0.1:80")));
        gateway.Put(("upstreams/u", Aware));
        gateway.Compiler.ZonelessUpstreams.ShouldBe(["upstreams/u"]);
    }

    [Fact]
    public void Apply_WithAZone_NamesNone()
    {
        using var gateway = new Gateway(BalancingSettings.Default with { Zone = "a" });
        gateway.Put(("upstreams/u", Aware));
        gateway.Compiler.ZonelessUpstreams.ShouldBeEmpty();
    }
}
