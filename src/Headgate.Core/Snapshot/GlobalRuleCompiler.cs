using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Core.Snapshot;

/// <summary>The global rules that are served, merged into one. Not thread-safe: the compiler's.</summary>
internal sealed class GlobalRuleCompiler
{
    private readonly HeldUpstreams _upstreams;
    private readonly IPluginCompiler? _plugins;
    private GlobalRules _served = GlobalRules.None;
    private bool _changed;

    public GlobalRuleCompiler(HeldUpstreams upstreams, IPluginCompiler? plugins)
    {
        (_upstreams, _plugins) = (upstreams, plugins);
        Rules = new HeldPluginSets(ResourceKind.GlobalRule, upstreams, _ => _changed = true);
    }

    /// <summary>The rules.</summary>
    public HeldPluginSets Rules { get; }

    /// <summary>What is to be served now; the same instance when nothing has changed. Of rules that have one plugin in common, that of the greatest id counts.</summary>
    public GlobalRules Publish()
    {
        if (!_changed)
            return _served;
        _changed = false;
        HeldPluginSet[] rules = [.. Rules.InOrder];
        if (rules.Length == 0)
            return _served = GlobalRules.None;
        EquatableArray<PluginSetting> settings = PluginOrder.Merge([.. rules.Select(static rule => rule.Plugins.Settings)]);
        EquatableArray<int> slots = _upstreams.SlotsOf(settings, [.. rules.Select(static rule => rule.Plugins)]);
        return _served = new GlobalRules
        {
            IsBroken = rules.Any(static rule => rule.Config!.UnknownPlugins.Count > 0),
            Plugins = settings,
            PluginUpstreamSlots = slots,
            Chain = _plugins.ChainOf(settings, slots, (_served.Plugins, _served.PluginUpstreamSlots, _served.Chain)),
        };
    }
}
