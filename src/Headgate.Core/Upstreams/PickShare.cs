namespace Headgate.Core.Upstreams;

/// <summary>
/// How much a node takes of what its policy gives it, in ten-thousandths: of 100 picks that fall on a node with 2500 about 25 stay, and the others go on to where
/// they would go without the node. It acts in upstreams with a gate (<c>UpstreamSnapshot.Gate</c>); it never makes a request fail. Each cause sets a share of its own, and the
/// least one counts. Any thread; no lock; reading is one load. Keep it in a field: a copy learns nothing.
/// </summary>
public struct PickShare
{
    /// <summary>The share of a node that takes all it is given: what every node begins with.</summary>
    public const int Full = 10_000;

    private const int BitsPerCause = 16;
    private const uint Mask = (1u << BitsPerCause) - 1;

    // What is missing to the full share, sixteen bits a cause, so that a new node needs no setting up.
    private uint _missing;

    /// <summary>The share that counts, 0 to <see cref="Full"/>.</summary>
    public readonly int Effective
    {
        get
        {
            uint missing = Volatile.Read(in _missing);
            return missing == 0 ? Full : Full - (int)Math.Max(missing & Mask, missing >> BitsPerCause);
        }
    }

    /// <summary>The share that a cause has set.</summary>
    public readonly int Of(PickShareCause cause) => Full - (int)((Volatile.Read(in _missing) >> Shift(cause)) & Mask);

    /// <summary>Sets the share of a cause, 0 to <see cref="Full"/>; takes effect with the next pick. At 0 the node is still used when there is no other.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="share"/> is out of range.</exception>
    public void Set(PickShareCause cause, int share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, Full);
        uint before, after;
        do
        {
            before = Volatile.Read(in _missing);
            after = (before & ~(Mask << Shift(cause))) | ((uint)(Full - share) << Shift(cause));
        }
        while (Interlocked.CompareExchange(ref _missing, after, before) != before);
    }

    private static int Shift(PickShareCause cause) => (int)cause * BitsPerCause;
}
