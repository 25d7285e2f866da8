namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>What <c>Apisix-Cache-Status</c> says.</summary>
internal enum CacheStatus
{
    /// <summary>The plugin has not seen the request: no field.</summary>
    None,

    /// <summary>Nothing was kept for it.</summary>
    Miss,

    /// <summary>Answered with what was kept.</summary>
    Hit,

    /// <summary>What was kept was too old.</summary>
    Expired,

    /// <summary>What was kept is not what the client's Cache-Control asks for; or it was too old, and that is what the client said it takes.</summary>
    Stale,

    /// <summary>The request passes the cache by.</summary>
    Bypass,

    /// <summary>What was kept was too old, and the node said that it still holds.</summary>
    Revalidated,
}
