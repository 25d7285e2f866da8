using System.Collections.Concurrent;

namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>The zones of a gateway, each made when it is first used. Thread-safe.</summary>
internal sealed class CacheZones
{
    private readonly ConcurrentDictionary<string, CacheZone> _zones = new(StringComparer.Ordinal);

    /// <summary>The zone of that name.</summary>
    public CacheZone Of(CacheZoneOptions options) => _zones.GetOrAdd(options.Name, static (_, bytes) => new CacheZone(bytes), options.Bytes);
}
