using Headgate.Core.LoadBalancing;
using Headgate.Testing;

namespace Headgate.Core.Tests.LoadBalancing;

public class WeightedTurnsTests
{
    /// <summary>Half the sum of the reciprocals of Fibonacci's numbers: the derivation is at <see cref="WeightedTurns"/>.</summary>
    private const double DeviationMax = 3.3598856662 / 2;

    [Fact]
    public void NodeAt_EqualWeights_IsPlainTurnOrder()
    {
        var turns = new WeightedTurns([7, 7, 7, 7]);

        turns.Cycle.ShouldBe(4UL);
        Enumerable.Range(0, 4).Select(i => turns.NodeAt((ulong)i)).ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public void NodeAt_OneNode_IsAlwaysIt()
    {
        var turns = new WeightedTurns([int.MaxValue]);

        turns.Cycle.ShouldBe(1UL);
        turns.NodeAt(0).ShouldBe(0);
    }

    [Theory]
    [InlineData("5 3 2", "bacabacaba", 10)]
    [InlineData("50 30 20", "bacabacaba", 10)]
    [InlineData("1 1 2", "cacb", 4)]
    [InlineData("5 1 1", "abaaaca", 7)]
    public void NodeAt_UnequalWeights_InterleavesThem(string weights, string order, int cycle)
    {
        var turns = new WeightedTurns(Parse(weights));

        turns.Cycle.ShouldBe((ulong)cycle);
        string.Concat(Enumerable.Range(0, cycle).Select(i => (char)('a' + turns.NodeAt((ulong)i)))).ShouldBe(order);
    }

    [Fact]
    public void NodeAt_AnyWeights_GivesEachItsShareOfACycleAndStaysSmooth()
    {
        // nginx's smooth weighted round robin has no such constant: over the same vectors its worst deviation is measured below and grows with the number
        // of nodes, because it always serves the node that is furthest behind and lets several fall due at once.
        Random random = new Random(TestSeed.Value);
        double worst = 0, worstOfNginx = 0;
        for (int round = 0; round < 400; round++)
        {
            int[] weights = RandomWeights(random);
            worst = Math.Max(worst, CheckCycle(weights, new WeightedTurns(weights)));
            worstOfNginx = Math.Max(worstOfNginx, DeviationOfNginx(weights));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"worst deviation {worst:F3}, nginx's {worstOfNginx:F3} (HEADGATE_SEED={TestSeed.Value})");
        worst.ShouldBeLessThan(DeviationMax, $"HEADGATE_SEED={TestSeed.Value}");
    }

    [Theory]
    [InlineData("2147483647 2147483646 2147483645 1")]
    [InlineData("2147483647 1")]
    [InlineData("2147483647 2147483629 1073741789 536870909 268435399 134217689 67108859 33554393")]
    [InlineData("2147483647 2147483647 2147483647 2147483647 2147483647 2147483647 1")]
    public void NodeAt_CyclesBeyond32Bits_StaySmoothAnywhere(string text)
    {
        int[] weights = Parse(text);
        var turns = new WeightedTurns(weights);
        turns.Cycle.ShouldBe((ulong)weights.Sum(weight => (long)weight));

        // A window in the middle is the difference of two prefixes, so twice the bound holds for it.
        foreach (ulong start in (ulong[])[0, turns.Cycle / 3, (turns.Cycle / 2) - 5_000, turns.Cycle - 20_000])
        {
            var counts = new long[weights.Length];
            for (int k = 1; k <= 20_000; k++)
            {
                counts[turns.NodeAt(start + (ulong)k - 1)]++;
                if (k % 97 == 0)
                    Deviation(weights, counts, k).ShouldBeLessThan(2 * DeviationMax, $"{text} after {k} turns from {start}");
            }
        }
    }

    /// <summary>A proof for one vector: the exact share over a cycle, and the deviation of every prefix of it.</summary>
    private static double CheckCycle(int[] weights, WeightedTurns turns)
    {
        var counts = new long[weights.Length];
        double worst = 0;
        for (int k = 1; k <= (int)turns.Cycle; k++)
        {
            counts[turns.NodeAt((ulong)k - 1)]++;
            worst = Math.Max(worst, Deviation(weights, counts, k));
        }

        long divisor = weights.Sum(weight => (long)weight) / (long)turns.Cycle;
        counts.ShouldBe(weights.Select(weight => weight / divisor), $"weights {string.Join(' ', weights)}, HEADGATE_SEED={TestSeed.Value}");
        return worst;
    }

    private static double DeviationOfNginx(int[] weights)
    {
        int total = weights.Sum();
        var current = new int[weights.Length];
        var counts = new long[weights.Length];
        double worst = 0;
        for (int k = 1; k <= total; k++)
        {
            int best = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                current[i] += weights[i];
                if (current[i] > current[best])
                    best = i;
            }

            current[best] -= total;
            counts[best]++;
            worst = Math.Max(worst, Deviation(weights, counts, k));
        }

        return worst;
    }

    private static double Deviation(int[] weights, long[] counts, int turns)
    {
        double total = 0, worst = 0;
        foreach (int weight in weights)
            total += weight;
        for (int i = 0; i < weights.Length; i++)
            worst = Math.Max(worst, Math.Abs(counts[i] - (turns * (weights[i] / total))));
        return worst;
    }

    /// <summary>Few and many nodes; equal, powers of two, Fibonacci-like and arbitrary weights.</summary>
    private static int[] RandomWeights(Random random)
    {
        int shape = random.Next(4);
        var weights = new int[random.Next(1, random.Next(3) == 0 ? 60 : 9)];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = shape switch
            {
                0 => random.Next(1, 4) * 100,
                1 => 1 << random.Next(0, 10),
                2 => i < 2 ? 1 : Math.Min(800, weights[i - 1] + weights[i - 2]),
                _ => random.Next(1, 120),
            };
        }

        random.Shuffle(weights);
        return weights;
    }

    private static int[] Parse(string weights) => Array.ConvertAll(weights.Split(' '), int.Parse);
}
