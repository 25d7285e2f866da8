using System.Globalization;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.TrafficSplit;

/// <summary>Configuration of <c>traffic-split</c>. Source: APISIX, <c>apisix/plugins/traffic-split.lua</c>.</summary>
/// <param name="Rules">The first that takes a request decides; none = nothing is split.</param>
public sealed record TrafficSplitConfig(EquatableArray<SplitRuleConfig> Rules) : PluginConfig
{
    /// <summary>Those of all targets but the route's own, in the order written.</summary>
    public override IReadOnlyList<PluginUpstream> Upstreams =>
    [
        .. Rules.SelectMany(static (rule, ruleAt) => rule.Targets.Select((target, at) => (target, Place: string.Create(CultureInfo.InvariantCulture, $"{ruleAt}/{at}"))))
            .Where(static entry => !entry.target.IsOwn)
            .Select(static entry => entry.target.UpstreamId is { } id ? PluginUpstream.Named(id) : PluginUpstream.Own(entry.Place, entry.target.Upstream!)),
    ];

    /// <inheritdoc/>
    public override UpstreamChoices ChoicesFor(IRequestView request)
    {
        int first = 0;
        for (int i = 0; i < Rules.Count; i++)
        {
            var rule = new SplitRule(Rules[i], first);
            first = rule.Upstreams.Before;
            if (rule.Takes(request))
                return new UpstreamChoices(i, rule.Choices, first);
        }

        return UpstreamChoices.Own(first);
    }
}
