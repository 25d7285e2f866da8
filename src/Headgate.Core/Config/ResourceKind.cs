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

    /// <summary><c>overrides</c>: an operator's word on a node. Headgate's own: no part of what APISIX's Admin API lists, writes or deletes.</summary>
    Override,
}
