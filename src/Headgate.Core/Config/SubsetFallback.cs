namespace Headgate.Core.Config;

/// <summary>Where a request goes for whose metadata there is no node.</summary>
public enum SubsetFallback
{
    /// <summary>To any node.</summary>
    Any,

    /// <summary>Nowhere: 503.</summary>
    None,

    /// <summary>To the nodes of the default subset.</summary>
    Default,
}
