using System.Net;
using Headgate.Control.Line;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Snapshot;
using Headgate.Store.Standalone;

namespace Headgate.Control.AdminApi;

/// <summary>What the Admin API needs to know from <c>config.yaml</c>, and of the process.</summary>
public sealed record AdminApiOptions
{
    /// <summary>Version of Headgate, without a leading v: <c>0.1.0</c>. Part of the <c>Server</c> header and of the texts about what is not there yet.</summary>
    public required string Version { get; init; }

    /// <summary>The plugins that objects may carry.</summary>
    public PluginCatalog Plugins { get; init; } = PluginCatalog.Empty;

    /// <summary><c>deployment.admin.admin_key</c>. Empty while <see cref="KeyRequired"/> is true: every request is refused (APISIX would let everybody in).</summary>
    public IReadOnlyList<AdminKey> Keys { get; init; } = [];

    /// <summary><c>deployment.admin.admin_key_required</c>; false = no key is asked for, and changes by clients without one are recorded as <c>anonymous</c>.</summary>
    public bool KeyRequired { get; init; } = true;

    /// <summary><c>deployment.admin.allow_admin</c>: addresses that may connect. Empty = all. A peer on a Unix socket counts as 127.0.0.1.</summary>
    public IReadOnlyList<IPNetwork> AllowAdmin { get; init; } = [];

    /// <summary>What takes a whole configuration at once (<c>PUT /apisix/admin/configs</c>); objects then cannot be written one by one. Null = they can, and nothing takes a whole.</summary>
    public StandaloneStore? Standalone { get; init; }

    /// <summary>The etcd that other gateways can read the configuration from; null = they cannot read it, or its address is not known.</summary>
    public SharedEtcd? Etcd { get; init; }

    /// <summary>The gateway instance of this process; null = it serves no traffic.</summary>
    public LocalInstance? Instance { get; init; }

    /// <summary>Says which revision this process serves; null = it serves no traffic.</summary>
    public SnapshotHolder? Served { get; init; }
}
