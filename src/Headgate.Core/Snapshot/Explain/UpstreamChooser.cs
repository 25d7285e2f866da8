using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;
using Headgate.Core.Routing;

namespace Headgate.Core.Snapshot.Explain;

/// <summary>What a plugin of a route would do about the upstream of a request.</summary>
/// <param name="snapshot">The configuration.</param>
/// <param name="route">A route that has such a plugin.</param>
internal sealed class UpstreamChooser(GatewaySnapshot snapshot, RouteSnapshot route)
{
    private static readonly Func<PluginSetting, bool> Chooses = static setting => setting.Config.Upstreams.Count > 0;

    /// <summary>
    /// Which upstreams it may be. The one is explained that it must be, or that <paramref name="wanted"/> names of several. <paramref name="nowMs"/>: the clock of the nodes' latencies.
    /// </summary>
    public RequestExplanation Explain(IRequestView request, string? wanted, long nowMs)
    {
        PluginSetting setting = route.Plugins.First(Chooses);
        var explanation = new RequestExplanation { Revision = snapshot.Revision, Route = route, ChosenBy = setting.Plugin.Name };
        if (ChoicesOf(setting, request) is not { } choices)
            return explanation;
        ChosenUpstream[] all = [.. choices.All.Select(choice => new ChosenUpstream(OwnerOf(setting, choice.Upstream), choice.Upstream < 0, choice.Weight))];
        explanation = explanation with { Rule = choices.Rule, Choices = all };
        int missing = Enumerable.Range(0, choices.LooksAt).FirstOrDefault(index => snapshot.Upstream(route.PluginUpstreamSlots[index]) is null, -1);
        if (missing >= 0)
            return explanation with { Status = 500, Refusal = $"{OwnerOf(setting, missing)}, which {setting.Plugin.Name} names, does not exist" };
        int chosen = all.Length == 1 ? 0 : Array.FindIndex(all, one => one.Owner == wanted && wanted is not null);
        return chosen < 0 ? explanation : Explain(explanation, choices.All[chosen].Upstream, request, nowMs);
    }

    private RequestExplanation Explain(RequestExplanation explanation, int upstream, IRequestView request, long nowMs)
    {
        RequestExplanation rest = snapshot.Explain(route, upstream < 0 ? snapshot.UpstreamOf(route) : snapshot.Upstream(route.PluginUpstreamSlots[upstream]), request, nowMs);
        return rest with { ChosenBy = explanation.ChosenBy, Rule = explanation.Rule, Choices = explanation.Choices };
    }

    /// <summary>Null where several plugins choose one after the other, or the plugin does not tell.</summary>
    private UpstreamChoices? ChoicesOf(PluginSetting setting, IRequestView request)
    {
        if (route.Plugins.Count(Chooses) > 1)
            return null;
        bool runs = setting.Meta.Filter is not { } filter || RequestCondition.Compile(filter).Holds(request);
        return runs ? setting.Config.ChoicesFor(request) : UpstreamChoices.Own(0);
    }

    private string? OwnerOf(PluginSetting setting, int upstream) =>
        upstream < 0 ? snapshot.UpstreamOf(route)?.Owner
        : setting.Config.Upstreams[upstream].Id is { } id ? $"upstreams/{id}"
        : snapshot.Upstream(route.PluginUpstreamSlots[upstream])?.Owner;
}
