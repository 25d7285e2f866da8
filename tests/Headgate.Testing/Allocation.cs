namespace Headgate.Testing;

/// <summary>What code allocates on the thread that runs it.</summary>
public static class Allocation
{
    private const int PassesMax = 5;

    /// <summary>
    /// Bytes that each call of <paramref name="pass"/> allocates on this thread, after a first call that makes what is made once. The least of some calls: a collection that another
    /// thread asked for may count what was left of this thread's allocation context, and the runtime now and then makes something of its own. What a pass allocates is there every time.
    /// </summary>
    public static long Of(Action pass)
    {
        pass();
        long least = long.MaxValue;
        for (int i = 0; i < PassesMax && least > 0; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            pass();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
