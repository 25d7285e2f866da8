using System.Diagnostics;

namespace Headgate.Core.Upstreams;

/// <summary>
/// The requests that a node may have under way at a time (<c>max_requests</c>), counted over all threads and exact: never more than the limit are taken. Lowering the
/// limit below what is taken only stops new ones. Any thread; no lock. Keep it in a field: a copy counts nothing.
/// </summary>
public struct RequestPermits
{
    // How many fewer than int.MaxValue, so that a new node has no limit without setting up.
    private int _belowLimitless;
    private int _taken;

    /// <summary>Permits there are; <see cref="int.MaxValue"/> = no limit, as at first. Written by who compiles snapshots.</summary>
    public int Max
    {
        readonly get => int.MaxValue - Volatile.Read(in _belowLimitless);
        set => Volatile.Write(ref _belowLimitless, int.MaxValue - value);
    }

    /// <summary>Permits taken now; more than <see cref="Max"/> only after that was lowered.</summary>
    public readonly int Taken => Volatile.Read(in _taken);

    /// <summary>Whether one is free.</summary>
    public readonly bool HasFree => Taken < Max;

    /// <summary>Takes one; false when none is free. Each one that was taken is given back exactly once.</summary>
    public bool TryTake()
    {
        while (true)
        {
            int taken = Taken;
            if (taken >= Max)
                return false;
            if (Interlocked.CompareExchange(ref _taken, taken + 1, taken) == taken)
                return true;
        }
    }

    /// <summary>Gives one back.</summary>
    public void GiveBack()
    {
        int left = Interlocked.Decrement(ref _taken);
        Debug.Assert(left >= 0, "a permit was given back twice");
    }
}
