using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Config;
using Headgate.Core.Health;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Health;

/// <summary>Whole histories with noise: who is ejected, who is not, and what never happens.</summary>
public sealed class OutlierSimulationTests
{
    private static readonly OutlierDetectionConfig Latency = new() { Latency = new LatencyOutlierConfig(3, 3, 50, 2, TimeSpan.FromMilliseconds(1)) };
    private readonly Random _random = new(TestSeed.Value);

    [Fact]
    public void Latency_OneOfFiveNodesFiveTimesSlower_IsEjectedWithinThreeWindows()
    {
        for (int run = 0; run < 50; run++)
        {
            var pool = new OutlierPool(5, Latency);
            int slow = _random.Next(5);
            double begin = _random.NextDouble(); // in the first of the three windows
            for (int window = 0; window < 3; window++)
            {
                for (int node = 0; node < 5; node++)
                    pool.Answer(node, Enumerable.Range(0, 60).Select(i => Noisy(node == slow && (window > 0 || i >= 60 * begin) ? 50 : 10, 0.5)).ToArray());
                pool.EndWindow();
            }

            pool.Ejected.ShouldBe([slow], $"HEADGATE_SEED={TestSeed.Value}");
        }
    }

    [Fact]
    public void Latency_AllFiveNodesSlow_NoneIsEjected()
    {
        var pool = new OutlierPool(5, Latency);
        for (int window = 0; window < 200; window++)
        {
            double median = window < 100 ? 10 : 50;
            for (int node = 0; node < 5; node++)
                pool.Answer(node, Enumerable.Range(0, 50).Select(_ => Noisy(median, 1)).ToArray());
            pool.EndWindow();
        }

        pool.Take().ShouldBeEmpty($"HEADGATE_SEED={TestSeed.Value}");
    }

    /// <summary>
    /// Latencies are log-normal with a deviation of 1, so that one in seven takes three times the median or more (P(Z > ln 3) = 0.136). The median of 50 is beyond that when
    /// 25 of them are: at most exp(−50 · D(1/2, 0.136)) = 6 · 10^-9 by Chernoff, and its square for two windows in a row. Failures strike all nodes alike:
    /// at most 10^-6 a node and window. In 25,000 of those that is 0.025 ejections, and three or more happen in one run of 400,000.
    /// </summary>
    [Fact]
    public void EqualNoisyNodes_FiveThousandWindows_HardlyAFalseAlarm()
    {
        var pool = new OutlierPool(5, Latency with { SuccessRate = new SuccessRateConfig(1100, 5, 50) });
        for (int window = 0; window < 5000; window++)
        {
            for (int node = 0; node < 5; node++)
            {
                pool.Answer(node, Enumerable.Range(0, 50).Select(_ => Noisy(10, 1)).ToArray());
                pool.Try(node, TryVerdict.Error, Enumerable.Range(0, 50).Count(_ => _random.NextDouble() < 0.1));
            }

            pool.EndWindow();
        }

        pool.Take().Count(change => change.Kind == EjectionChangeKind.Ejected).ShouldBeLessThan(3, $"HEADGATE_SEED={TestSeed.Value}");
    }

    [Fact]
    public void RandomHistories_LimitsAreNeverBroken() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            new RandomHistory(new Random(seed ^ TestSeed.Value)).Run(300);
            return true;
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithReplay((ulong)TestSeed.Value, 1UL));

    private double Noisy(double median, double deviation)
    {
        double normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
        return median * Math.Exp(deviation * normal);
    }

    /// <summary>Anything may happen to the nodes and to the configuration; after each step the limits hold.</summary>
    private sealed class RandomHistory(Random random)
    {
        private readonly OutlierPool _pool = new(random.Next(2, 9), Settings(random));

        public void Run(int steps)
        {
            for (int step = 0; step < steps; step++)
            {
                int usable = _pool.Usable;
                bool isStrict = Step(random.Next(10));
                EjectionChange[] changes = _pool.Take();
                int ejected = _pool.Ejected.Length;
                (ejected * 100).ShouldBeLessThanOrEqualTo(_pool.Config.MaxEjectionPercent * _pool.Nodes.Length);
                bool ejects = changes.Any(change => change.Kind == EjectionChangeKind.Ejected);
                if ((ejects || isStrict) && ejected > 0)
                    _pool.Usable.ShouldBeGreaterThanOrEqualTo(_pool.Config.MinRemainingHosts, $"step {step}, before {usable}");
            }
        }

        /// <summary>True for a step after which detection has had its say.</summary>
        private bool Step(int what)
        {
            int node = random.Next(_pool.Nodes.Length);
            switch (what)
            {
                case < 4:
                    _pool.Try(node, (TryVerdict)random.Next(3), random.Next(1, 30));
                    return false;
                case < 6:
                    _pool.Answer(node, Enumerable.Repeat(random.Next(1, 500) * 1.0, random.Next(40)));
                    return false;
                case 6:
                    _pool.Nodes[node].Health.Report(random.Next(2) == 0 ? HealthEvent.Success : HealthEvent.TcpFailure, new HealthThresholds(1, 1, 1, 1));
                    return false;
                case 7:
                    _ = random.Next(2) == 0 ? _pool.Nodes[node].Exclude(NodeExclusions.ForcedDown) : _pool.Nodes[node].Admit(NodeExclusions.ForcedDown);
                    return false;
                case 8:
                    _pool.Edit(Settings(random), [.. _pool.Nodes.Where(_ => random.Next(8) > 0).Append(_pool.Nodes[node]).Distinct()]);
                    return true;
                default:
                    _pool.EndWindow();
                    return true;
            }
        }

        private static OutlierDetectionConfig Settings(Random random) => new()
        {
            Consecutive5xx = random.Next(2) == 0 ? null : random.Next(1, 20),
            ConsecutiveGatewayFailure = random.Next(2) == 0 ? null : random.Next(1, 10),
            FailurePercentage = random.Next(2) == 0 ? null : new FailurePercentageConfig(random.Next(1, 101), 1, random.Next(1, 20)),
            SuccessRate = random.Next(2) == 0 ? null : new SuccessRateConfig(500, 2, random.Next(1, 20)),
            Latency = random.Next(2) == 0 ? null : new LatencyOutlierConfig(1.5, 3, 5, random.Next(1, 3), TimeSpan.Zero),
            BaseEjectionTime = TimeSpan.FromSeconds(random.Next(1, 60)),
            MaxEjectionPercent = random.Next(1, 101),
            MinRemainingHosts = random.Next(1, 4),
        };
    }
}
