using Headgate.Core.Upstreams;

namespace Headgate.Core.Tests.Upstreams;

public class RequestPermitsTests
{
    [Fact]
    public void TryTake_NoLimit_AlwaysTakes()
    {
        RequestPermits permits = default;

        permits.Max.ShouldBe(int.MaxValue);
        permits.TryTake().ShouldBeTrue();
        permits.Taken.ShouldBe(1);
        permits.HasFree.ShouldBeTrue();
    }

    [Fact]
    public void Max_LoweredBelowWhatIsTaken_StopsNewOnesUntilEnoughCameBack()
    {
        RequestPermits permits = default;
        permits.Max = 3;
        for (int i = 0; i < 3; i++)
            permits.TryTake().ShouldBeTrue();
        permits.TryTake().ShouldBeFalse();

        permits.Max = 1;
        permits.Taken.ShouldBe(3);
        permits.GiveBack();
        permits.GiveBack();
        permits.TryTake().ShouldBeFalse();
        permits.GiveBack();
        permits.TryTake().ShouldBeTrue();
    }

    [Fact]
    public async Task TryTake_EightThreadsAndAMovingLimit_NeverMoreThanTheHighest()
    {
        var node = new NodeState(new NodeKey("upstreams/1", "10.0.0.1", 80));
        node.Permits.Max = 4;
        int inside = 0, most = 0;
        bool ended = false;
        Task limits = Task.Run(() =>
        {
            for (int i = 0; !Volatile.Read(ref ended); i++)
                node.Permits.Max = 1 + (i % 4);
        });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            // Each holds up to three at a time, so that the limit is reached however few threads run together.
            int held = 0;
            for (int i = 0; i < 100_000 || held > 0; i++)
            {
                if (i < 100_000 && held < 3 && node.Permits.TryTake())
                {
                    held++;
                    Raise(ref most, Interlocked.Increment(ref inside));
                }
                else if (held > 0)
                {
                    held--;
                    Interlocked.Decrement(ref inside);
                    node.Permits.GiveBack();
                }
            }
        })));
        Volatile.Write(ref ended, true);
        await limits;

        most.ShouldBeInRange(1, 4);
        node.Permits.Taken.ShouldBe(0);
    }

    private static void Raise(ref int most, int now)
    {
        for (int seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, now, seen);
    }
}
