namespace Headgate.Core.Config.Plugins;

/// <summary>
/// An upstream that a plugin may send requests to: one that has an object of its own, or one that is written in the plugin's configuration and has everything that any upstream has.
/// </summary>
public sealed record PluginUpstream
{
    private PluginUpstream(string? id, string place, UpstreamConfig? inline) => (Id, Place, Inline) = (id, place, inline);

    /// <summary>Id of the upstream; null when it is <see cref="Inline"/>.</summary>
    public string? Id { get; }

    /// <summary>Where in the plugin's configuration an inline upstream stands, <c>0/1</c>: what is learnt about its nodes is kept by it. Empty for others.</summary>
    public string Place { get; }

    /// <summary>The upstream itself; null when it is named.</summary>
    public UpstreamConfig? Inline { get; }

    /// <summary>The upstream of that id.</summary>
    public static PluginUpstream Named(string id) => new(id, "", null);

    /// <summary>An upstream of the plugin's own; no two of a plugin are at one place.</summary>
    public static PluginUpstream Own(string place, UpstreamConfig upstream) => new(null, place, upstream);
}
