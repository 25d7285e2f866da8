using System.Text;
using Headgate.Proxy.Plugins.LimitConn;
using Headgate.Proxy.Plugins.Limits;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins.Limits;

/// <summary>What is counted by key, and what goes when there are too many keys.</summary>
public sealed class LimitTableTests
{
    private readonly LimitTable<RequestsUnderWay> _table = new(3, static _ => new RequestsUnderWay());

    [Fact]
    public void Get_KnownKey_IsTheSameAndAllocatesNothing()
    {
        RequestsUnderWay first = Get("a");
        byte[] key = "a"u8.ToArray();
        RequestsUnderWay? again = null;
        Allocation.Of(() => again = _table.Get(key, 0)).ShouldBe(0);
        again.ShouldBeSameAs(first);
    }

    [Fact]
    public void Get_Full_DropsTheOldestOfWhichNothingIsUnderWay()
    {
        Get("a").Enter(9).ShouldBe(1);
        RequestsUnderWay idle = Get("b");
        Get("c").Enter(9).ShouldBe(1);
        Get("d").Enter(9).ShouldBe(1);
        _table.Count.ShouldBe(3);
        idle.Enter(9).ShouldBe(RequestsUnderWay.Retired);
        Get("a").Enter(9).ShouldBe(2);
    }

    [Fact]
    public void Get_FullOfRequestsUnderWay_CountsThemAllTheSame()
    {
        foreach (string key in (string[])["a", "b", "c", "d", "e"])
            Get(key).Enter(1).ShouldBe(1);
        _table.Count.ShouldBe(5);
        Get("a").Enter(1).ShouldBe(0);
    }

    // Keys come and go from a table that is always full: nobody is counted by something that was dropped meanwhile.
    [Fact]
    public void EnterAndLeave_EightThreads_NeverMoreThanAllowed()
    {
        var table = new LimitTable<RequestsUnderWay>(4, static _ => new RequestsUnderWay());
        int[] inside = new int[16];
        int above = 0;
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(thread => new Thread(() =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                int number = ((i * 7) + thread) % inside.Length;
                byte[] key = [(byte)number];
                RequestsUnderWay requests;
                int count;
                do
                {
                    requests = table.Get(key, 0);
                    count = requests.Enter(2);
                }
                while (count == RequestsUnderWay.Retired);
                if (count == 0)
                    continue;
                if (Interlocked.Increment(ref inside[number]) > 2)
                    Interlocked.Increment(ref above);
                Interlocked.Decrement(ref inside[number]);
                requests.Leave();
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        above.ShouldBe(0);
    }

    private RequestsUnderWay Get(string key) => _table.Get(Encoding.UTF8.GetBytes(key), 0);
}
