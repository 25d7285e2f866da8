namespace Headgate.Core.Config;

/// <summary>Kinds of configuration object, each one directory below the group's prefix in the store.</summary>
public enum ResourceKind
{
    /// <summary><c>upstreams</c>.</summary>
    Upstream,

    /// <summary><c>routes</c>.</summary>
    Route,

    /// <summary><c>services</c>.</summary>
    Service,
}
