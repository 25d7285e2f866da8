using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Core.Snapshot;

/// <summary>A consumer as it is served: merged with its group, immutable, shared by all threads.</summary>
public sealed class ConsumerSnapshot
{
    private readonly byte[] _name;
    private readonly byte[] _groupId;
    private readonly byte[] _customId;

    internal ConsumerSnapshot(ConsumerConfig config)
    {
        Config = config;
        _name = Encoding.UTF8.GetBytes(config.Username);
        _groupId = Encoding.UTF8.GetBytes(config.GroupId ?? "");
        _customId = Encoding.UTF8.GetBytes(config.CustomId ?? "");
    }

    /// <summary>The consumer as written.</summary>
    public ConsumerConfig Config { get; }

    /// <summary>Its name, UTF-8.</summary>
    public ReadOnlySpan<byte> Name => _name;

    /// <summary>Id of its group, UTF-8; empty when it has none.</summary>
    public ReadOnlySpan<byte> GroupId => _groupId;

    /// <summary>What its label <c>custom_id</c> says, UTF-8; empty when it has none.</summary>
    public ReadOnlySpan<byte> CustomId => _customId;

    /// <summary>Whether its group does not exist, or it or its group names a plugin that this gateway does not have: its requests are answered 503.</summary>
    public bool IsBroken { get; init; }

    /// <summary>Its plugins and its group's that take the place of a route's of the same name, those that are disabled among them; authentication is not.</summary>
    public EquatableArray<PluginSetting> Replacing { get; init; } = [];

    /// <summary>Those of <see cref="Replacing"/> that run, in the order in which they do.</summary>
    public EquatableArray<PluginSetting> Plugins { get; init; } = [];

    /// <summary>Slots of the upstreams that the plugins may send requests to, those of one plugin after the other's; −1 = it does not exist.</summary>
    public EquatableArray<int> PluginUpstreamSlots { get; init; } = [];

    /// <summary>What runs of <see cref="Plugins"/>; null, as for most consumers, when nothing does.</summary>
    public PluginChain? Chain { get; init; }

    /// <summary>Whether a route's plugin gives way to one of this consumer's.</summary>
    public bool Replaces(PluginDefinition plugin)
    {
        foreach (PluginSetting setting in Replacing)
        {
            if (ReferenceEquals(setting.Plugin, plugin))
                return true;
        }

        return false;
    }
}
