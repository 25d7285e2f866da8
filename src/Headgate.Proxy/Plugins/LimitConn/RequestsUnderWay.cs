using Headgate.Proxy.Plugins.Limits;

namespace Headgate.Proxy.Plugins.LimitConn;

/// <summary>Requests of one key that are under way.</summary>
internal sealed class RequestsUnderWay : LimitState
{
    /// <summary>It is retired: look the key up again.</summary>
    public const int Retired = -1;

    private int _count;

    /// <inheritdoc/>
    public override long Stamp => 0;

    /// <summary>One more, unless there are <paramref name="max"/>: how many there are with it; 0 = there were that many, or <see cref="Retired"/>.</summary>
    public int Enter(long max)
    {
        int seen = Volatile.Read(ref _count);
        while (seen != Retired)
        {
            if (seen >= max)
                return 0;
            int present = Interlocked.CompareExchange(ref _count, seen + 1, seen);
            if (present == seen)
                return seen + 1;
            seen = present;
        }

        return Retired;
    }

    /// <summary>One that has entered has ended.</summary>
    public void Leave() => Interlocked.Decrement(ref _count);

    /// <inheritdoc/>
    /// <remarks>Between two requests of a client nothing is under way: it is known all the same until room is needed.</remarks>
    public override bool TryRetire(long now, bool always) => always && Interlocked.CompareExchange(ref _count, Retired, 0) == 0;
}
