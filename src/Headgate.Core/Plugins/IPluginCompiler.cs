using Headgate.Core.Config.Plugins;

namespace Headgate.Core.Plugins;

/// <summary>Makes running plugins of configured ones. Implemented by the data plane; called by the one thread that compiles snapshots.</summary>
public interface IPluginCompiler
{
    /// <summary>
    /// The chain of <paramref name="settings"/>, which are in running order and all enabled. <paramref name="before"/>: the chain of the same owner that is replaced, null = there is
    /// none; a plugin whose setting is equal in both goes on with what it has counted and learnt.
    /// <paramref name="upstreamSlots"/>: where the upstreams of the plugins are (<see cref="PluginConfig.Upstreams"/>), those of one plugin after the other's; −1, and null, = nowhere.
    /// </summary>
    PluginChain Compile(IReadOnlyList<PluginSetting> settings, PluginChain? before, IReadOnlyList<int>? upstreamSlots = null);
}
