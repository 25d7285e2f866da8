namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>How a request ended that others waited for.</summary>
internal enum FillEnd
{
    /// <summary>Not yet.</summary>
    None,

    /// <summary>Its answer is kept.</summary>
    Kept,

    /// <summary>Its answer is for nobody else: each asks the node itself.</summary>
    NotKept,

    /// <summary>It broke off, by its client or the node: another one asks.</summary>
    Failed,
}
