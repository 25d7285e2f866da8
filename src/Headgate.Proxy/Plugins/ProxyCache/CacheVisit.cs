namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>A request whose answer may be kept. Used by its flow.</summary>
/// <param name="zone">Where.</param>
/// <param name="key">Under which key.</param>
internal sealed class CacheVisit(CacheZone zone, byte[] key)
{
    private CacheFill? _fill;

    /// <summary>Its key.</summary>
    public byte[] Key => key;

    /// <summary>What is kept for it but was not given to it; null = nothing.</summary>
    public CachedAnswer? Before { get; set; }

    /// <summary>Whether the node is asked if that still holds.</summary>
    public bool Revalidates { get; set; }

    /// <summary>What the client already has, by <c>If-None-Match</c>; null = it did not say.</summary>
    public byte[]? ClientTags { get; set; }

    /// <summary>What the client already has, by <c>If-Modified-Since</c>; null = it did not say.</summary>
    public byte[]? ClientSince { get; set; }

    /// <summary><see cref="CacheZone.RemovalsOf"/> when the node was asked.</summary>
    public int Removals { get; private set; }

    /// <summary>It asks a node; others may wait for it.</summary>
    public void Ask(CacheFill? fill)
    {
        _fill = fill;
        Removals = zone.RemovalsOf(key);
    }

    /// <summary>Those that wait for it go on; only the first time counts.</summary>
    public void End(FillEnd end)
    {
        if (_fill is { } fill)
            zone.End(key, fill, end);
        _fill = null;
    }
}
