using System.Text;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Primitives;
using Headgate.Core.Routing;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.TrafficLabel;

/// <summary>A rule that runs: which action a request gets is decided by the ticket that it draws from one counter, so that the shares are exact whichever threads serve.</summary>
internal sealed class RunningRule(LabelRule rule)
{
    private readonly RequestCondition? _match = rule.Match is { } match ? RequestCondition.Compile(match) : null;
    private readonly WeightedTurns _turns = new([.. rule.Actions.Items.Select(static action => action.Weight)]);

    private readonly (byte[] Name, RequestTemplate Value)[][] _fields =
        [.. rule.Actions.Items.Select(static action => action.SetHeaders.Items.Select(static field => (Encoding.ASCII.GetBytes(field.Name), TemplateParser.Value(field.Value))).ToArray())];

    /// <summary>The counter that turns are drawn from; a rule that replaces another goes on with it.</summary>
    public BalancerState State { get; set; } = new();

    /// <summary>Whether it takes a request.</summary>
    public bool Takes(IRequestView request) => _match is null || _match.Holds(request);

    /// <summary>Does what it is the turn of.</summary>
    public void Run(PluginContext context)
    {
        ulong ticket = (ulong)(Interlocked.Increment(ref State.Turn) - 1);
        var text = new ByteBuilder(stackalloc byte[512]);
        foreach ((byte[] name, RequestTemplate value) in _fields[_turns.NodeAt(ticket % _turns.Cycle)])
        {
            text.Clear();
            value.Write(context.Request, default, ref text, TextSets.Field);
            context.Forwarded.Set(name, text.Bytes);
        }

        text.Dispose();
    }
}
