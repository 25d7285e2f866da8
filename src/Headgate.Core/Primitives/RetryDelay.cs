namespace Headgate.Core.Primitives;

/// <summary>
/// How long to wait before something that failed is tried again: doubling from <paramref name="first"/> to <paramref name="longest"/>, each drawn between half of that and all of it, so
/// that gateways which lost one peer together do not come back together. Used by one thread at a time.
/// </summary>
/// <param name="jitter">Draws.</param>
/// <param name="first">The first wait at most.</param>
/// <param name="longest">The longest wait.</param>
public sealed class RetryDelay(Random jitter, TimeSpan first, TimeSpan longest)
{
    private TimeSpan? _next;

    /// <summary>The next wait.</summary>
    public TimeSpan Next()
    {
        TimeSpan most = _next ?? first;
        _next = most * 2 < longest ? most * 2 : longest;
        return most * (0.5 + (jitter.NextDouble() / 2));
    }

    /// <summary>It worked: begin with short waits again.</summary>
    public void Reset() => _next = null;
}
