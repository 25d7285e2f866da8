using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Core.Snapshot;

/// <summary>The plugins that one object carries, and the upstreams they bring. Only the compiler touches it.</summary>
/// <param name="owner">Key of the object: <c>routes/7</c>.</param>
/// <param name="relink">Called when an upstream that they name has appeared or gone: whatever is made of them has to be made anew.</param>
internal sealed class HeldPlugins(string owner, Action relink)
{
    /// <summary>Key of the object that carries them.</summary>
    public string Owner { get; } = owner;

    /// <summary>The plugins, in the order written.</summary>
    public EquatableArray<PluginSetting> Settings { get; set; } = [];

    /// <summary>The upstreams that they bring, by owner; null, as mostly, when they bring none.</summary>
    public Dictionary<string, HeldUpstream>? Upstreams { get; set; }

    /// <summary>Has whatever is made of them made anew.</summary>
    public void Relink() => relink();

    /// <summary>Slot of an upstream that one of the settings, compared by reference, brings; null when the setting is none of these, or brings no such upstream.</summary>
    public int? SlotOf(PluginSetting setting, PluginUpstream upstream) =>
        Upstreams is not null && Settings.Any(own => ReferenceEquals(own, setting)) ? Upstreams.GetValueOrDefault(PluginUpstreams.OwnerOf(Owner, setting, upstream))?.Slot : null;
}
