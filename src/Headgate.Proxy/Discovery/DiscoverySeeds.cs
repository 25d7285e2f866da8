namespace Headgate.Proxy.Discovery;

/// <summary>Where the draws of clients and of waits begin, one after the other from one seed. Thread-safe.</summary>
/// <param name="seed">The first.</param>
internal sealed class DiscoverySeeds(int seed)
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);

    /// <summary>The next.</summary>
    public int Next()
    {
        lock (_gate)
            return _random.Next();
    }
}
