using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Plugins;

/// <summary>
/// The configuration of one plugin as a user wrote it, typed. Each plugin has a record of its own. Equal records mean equal behaviour: a plugin whose configuration an
/// edit leaves equal goes on with what it has counted and learnt.
/// </summary>
public abstract record PluginConfig
{
    /// <summary>
    /// The upstreams it may send requests to, in an order that equal configurations share; most plugins have none. They are looked up, and its own are served, for as long as the plugin
    /// is configured: the running plugin names one by its index here.
    /// </summary>
    public virtual IReadOnlyList<PluginUpstream> Upstreams => [];

    /// <summary>
    /// Which of <see cref="Upstreams"/> a request may be sent to, as far as the request as it came decides it; null when the plugin does not tell. For explaining, off the request path:
    /// no turn is used up.
    /// </summary>
    public virtual UpstreamChoices? ChoicesFor(IRequestView request) => null;
}
