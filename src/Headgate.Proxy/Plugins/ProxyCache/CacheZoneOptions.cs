namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>Memory for answers (<c>apisix.proxy_cache.zones</c>).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">What it may hold at most; 0 = a zone on disk, which Headgate does not have.</param>
public sealed record CacheZoneOptions(string Name, long Bytes)
{
    /// <summary>Those that there are where <c>config.yaml</c> names none. Source: APISIX.</summary>
    public static IReadOnlyList<CacheZoneOptions> Default { get; } = [new("disk_cache_one", 0), new("memory_cache", 50L << 20)];
}
