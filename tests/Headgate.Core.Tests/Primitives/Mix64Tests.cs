using Headgate.Core.LoadBalancing;
using Headgate.Core.Primitives;

namespace Headgate.Core.Tests.Primitives;

public class Mix64Tests
{
    [Fact]
    public void NextRandom_KnownSeed_IsSplitMix64()
    {
        // The numbers that the algorithm's reference gives for this seed.
        var state = new BalancerState(1_234_567);

        Enumerable.Range(0, 3).Select(_ => state.NextRandom()).ShouldBe([6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    [Fact]
    public void Below_EndsOfTheRange_AreTheFirstAndTheLast()
    {
        Mix64.Below(0, 7).ShouldBe(0);
        Mix64.Below(ulong.MaxValue, 7).ShouldBe(6);
        Mix64.Below(ulong.MaxValue, 1).ShouldBe(0);
    }
}
