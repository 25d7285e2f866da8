namespace Headgate.Proxy.Plugins.TrafficLabel;

/// <summary>Takes the first rule that takes the request, and does what it is the turn of there.</summary>
internal sealed class TrafficLabelPlugin(TrafficLabelConfig config) : Plugin
{
    private readonly RunningRule[] _rules = [.. config.Rules.Items.Select(static rule => new RunningRule(rule))];

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Access;

    /// <summary>Edited rules keep the turn.</summary>
    public override void ContinueFrom(Plugin earlier)
    {
        RunningRule[] before = ((TrafficLabelPlugin)earlier)._rules;
        for (int i = 0; i < Math.Min(before.Length, _rules.Length); i++)
            _rules[i].State = before[i].State;
    }

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> AccessAsync(PluginContext context)
    {
        foreach (RunningRule rule in _rules)
        {
            if (!rule.Takes(context.Request))
                continue;
            rule.Run(context);
            break;
        }

        return default;
    }
}
