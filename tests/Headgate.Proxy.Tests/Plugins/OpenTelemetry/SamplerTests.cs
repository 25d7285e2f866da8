using Headgate.Proxy.Plugins.OpenTelemetry;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins.OpenTelemetry;

/// <summary>Which requests are traced.</summary>
public sealed class SamplerTests
{
    // 100,000 draws: six standard deviations of a share of a half are 0.0095.
    [Theory]
    [InlineData(0)]
    [InlineData(0.01)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Ratio_IsTheShare(double fraction)
    {
        const int Draws = 100_000;
        Random random = new(TestSeed.Value);
        var sampler = new SamplerConfig(SamplerName.TraceIdRatio, fraction);
        int sampled = Enumerable.Range(0, Draws).Count(_ => sampler.Samples(default, new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64(long.MinValue, long.MaxValue))));
        ((double)sampled / Draws).ShouldBe(fraction, 0.0095);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void ParentBase_FollowsTheParent(bool isSampled, bool expected) =>
        new SamplerConfig(SamplerName.ParentBase, 0, new SamplerConfig(SamplerName.AlwaysOff)).Samples(new TraceParent(1, 1, isSampled), 1).ShouldBe(expected);

    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", false)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0a", false)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-fb", true)]
    [InlineData("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", true)]
    public void Parent_OfTheStandard_IsRead(string text, bool isSampled)
    {
        TraceParent.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out TraceParent parent).ShouldBeTrue();
        (parent.SpanId, parent.IsSampled).ShouldBe((0xb7ad6b7169203331UL, isSampled));
        parent.TraceId.ShouldBe(new UInt128(0x0af7651916cd43dd, 0x8448eb211c80319c));
    }
}
