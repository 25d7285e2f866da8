using Headgate.Core.Config.Plugins;
using Headgate.Core.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Core.Snapshot;

/// <summary>What runs for every request, before what its route has. Immutable, shared by all threads.</summary>
public sealed class GlobalRules
{
    /// <summary>There are none.</summary>
    public static GlobalRules None { get; } = new();

    /// <summary>Whether one names a plugin that this gateway does not have: every request is answered 503, because a plugin is never skipped.</summary>
    public bool IsBroken { get; init; }

    /// <summary>The plugins of all of them, in the order in which they run.</summary>
    public EquatableArray<PluginSetting> Plugins { get; init; } = [];

    /// <summary>Slots of the upstreams that the plugins may send requests to, those of one plugin after the other's; −1 = it does not exist.</summary>
    public EquatableArray<int> PluginUpstreamSlots { get; init; } = [];

    /// <summary>What runs of <see cref="Plugins"/>; null when nothing does.</summary>
    public PluginChain? Chain { get; init; }
}
