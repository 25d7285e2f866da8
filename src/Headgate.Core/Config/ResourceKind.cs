namespace Headgate.Core.Config;

/// <summary>Kinds of configuration object, each one directory below the group's prefix in the store (credentials lie below their consumer).</summary>
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

    /// <summary><c>consumers</c>: who calls, its id being the user name.</summary>
    Consumer,

    /// <summary><c>consumers/NAME/credentials</c>: one way for a consumer to say who it is. Its id is <c>NAME/credentials/ID</c>.</summary>
    Credential,

    /// <summary><c>consumer_groups</c>: plugins that several consumers share.</summary>
    ConsumerGroup,

    /// <summary><c>plugin_configs</c>: plugins that several routes share.</summary>
    PluginConfig,

    /// <summary><c>global_rules</c>: plugins of every request.</summary>
    GlobalRule,

    /// <summary><c>plugin_metadata</c>: what all uses of one plugin share, its id being the plugin's name.</summary>
    PluginMetadata,

    /// <summary><c>protos</c>: Protocol Buffers definitions.</summary>
    Proto,

    /// <summary><c>secrets/MANAGER</c>: how a keeper of secrets is reached. Its id is <c>MANAGER/ID</c>.</summary>
    Secret,

    /// <summary><c>ssls</c>: a certificate with its key, shown to clients or to nodes.</summary>
    Ssl,

    /// <summary><c>service_registries</c>: connections to service registries. Headgate's own, as <see cref="Override"/>.</summary>
    ServiceRegistry,
}
