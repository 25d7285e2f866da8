namespace Headgate.Proxy.Configuration;

/// <summary>
/// How long to wait before the store is tried again: doubling from <see cref="First"/> to <see cref="Longest"/>, each drawn between half of that and all of it,
/// so that gateways which lost one store together do not come back together. Used by one thread.
/// </summary>
/// <param name="jitter">Draws.</param>
internal sealed class RetryDelay(Random jitter)
{
    private TimeSpan _next = First;

    /// <summary>The first wait at most: 100 ms.</summary>
    public static TimeSpan First { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait: 5 s. Losing a store is noticed at once, so this is all that its return costs.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromSeconds(5);

    /// <summary>The next wait.</summary>
    public TimeSpan Next()
    {
        TimeSpan wait = _next * (0.5 + (jitter.NextDouble() / 2));
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return wait;
    }

    /// <summary>It worked: begin with short waits again.</summary>
    public void Reset() => _next = First;
}
