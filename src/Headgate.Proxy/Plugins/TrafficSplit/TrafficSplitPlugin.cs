using System.Text;
using Headgate.Core.Config.Plugins;

namespace Headgate.Proxy.Plugins.TrafficSplit;

/// <summary>Takes the first rule that takes the request, and sends it where the rule's next turn goes.</summary>
internal sealed class TrafficSplitPlugin : Plugin
{
    private readonly SplitRule[] _rules;
    private readonly byte[]?[] _missing;

    public TrafficSplitPlugin(TrafficSplitConfig config)
    {
        int first = 0;
        _rules = new SplitRule[config.Rules.Count];
        for (int i = 0; i < _rules.Length; i++)
        {
            _rules[i] = new SplitRule(config.Rules[i], first);
            first = _rules[i].Upstreams.Before;
        }

        _missing = [.. config.Upstreams.Select(MissingText)];
    }

    /// <inheritdoc/>
    public override PluginPhases Phases => _rules.Length > 0 ? PluginPhases.Access : PluginPhases.None;

    /// <summary>Edited rules keep the turn: shares stay exact over an edit of something else, and a new weight begins where the old one stood.</summary>
    public override void ContinueFrom(Plugin earlier)
    {
        SplitRule[] before = ((TrafficSplitPlugin)earlier)._rules;
        for (int i = 0; i < Math.Min(before.Length, _rules.Length); i++)
            _rules[i].State = before[i].State;
    }

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> AccessAsync(PluginContext context)
    {
        foreach (SplitRule rule in _rules)
        {
            // As in APISIX: a rule that is looked at fails with any upstream that it names, not only with the one whose turn it is.
            (int from, int before) = rule.Upstreams;
            for (int i = from; i < before; i++)
            {
                if (!context.HasUpstream(i))
                    return new(context.Answer(500, JsonBodies.ContentType, _missing[i]));
            }

            if (!rule.Takes(context.Request))
                continue;
            int next = rule.Next();
            if (next < 0)
                context.SendToOwn();
            else
                context.SendTo(next);
            break;
        }

        return default;
    }

    private static byte[]? MissingText(PluginUpstream upstream) =>
        upstream.Id is { } id ? Encoding.UTF8.GetBytes($"failed to fetch upstream info by upstream id: {id}") : null;
}
