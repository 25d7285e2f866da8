using Headgate.Core.Upstreams;

namespace Headgate.Core.Tests.Upstreams;

public class PickShareTests
{
    [Fact]
    public void Effective_NothingSet_IsFull()
    {
        PickShare share = default;

        share.Effective.ShouldBe(PickShare.Full);
        share.Of(PickShareCause.SlowStart).ShouldBe(PickShare.Full);
        share.Of(PickShareCause.Trial).ShouldBe(PickShare.Full);
    }

    [Fact]
    public void Set_TwoCauses_TheLeastCountsAndEachKeepsItsOwn()
    {
        PickShare share = default;

        share.Set(PickShareCause.SlowStart, 2500);
        share.Set(PickShareCause.Trial, 100);
        share.Effective.ShouldBe(100);
        share.Set(PickShareCause.Trial, PickShare.Full);
        share.Effective.ShouldBe(2500);
        share.Of(PickShareCause.SlowStart).ShouldBe(2500);
        share.Set(PickShareCause.SlowStart, 0);
        share.Effective.ShouldBe(0);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void Set_OutOfRange_Throws(int value) =>
        Should.Throw<ArgumentOutOfRangeException>(() =>
        {
            PickShare share = default;
            share.Set(PickShareCause.Trial, value);
        });
}
