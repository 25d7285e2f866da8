using System.Collections.Immutable;
using System.Text.Json;
using Headgate.Core.Config.Expressions;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.TrafficSplit;

/// <summary><c>traffic-split</c>: sends parts of a route's requests to other upstreams.</summary>
internal sealed class TrafficSplitKind : PluginKind<TrafficSplitConfig>
{
    private const int TargetsMax = 20;
    private static readonly SplitTarget Own = new(1, null, null);

    /// <inheritdoc/>
    public override string Name => "traffic-split";

    /// <inheritdoc/>
    public override int Priority => 966;

    /// <inheritdoc/>
    public override IReadOnlyList<string> SecretFields { get; } = ["rules.*.weighted_upstreams.*.upstream.tls.client_key"];

    /// <inheritdoc/>
    protected override TrafficSplitConfig? ReadConfig(ObjectReader reader)
    {
        ImmutableArray<SplitRuleConfig> rules = reader.Items<SplitRuleConfig>("rules", 0, unique: false, ReadRule) ?? [];
        reader.ForbidOthers();
        return new TrafficSplitConfig(new EquatableArray<SplitRuleConfig>(rules));
    }

    /// <inheritdoc/>
    protected override Plugin Make(TrafficSplitConfig config, PluginServices services) => new TrafficSplitPlugin(config);

    private static bool ReadRule(JsonElement value, Location at, Findings findings, out SplitRuleConfig rule)
    {
        rule = null!;
        if (ObjectReader.Open(value, at, findings) is not { } reader)
            return false;
        ImmutableArray<VarsExpression> match = reader.Items<VarsExpression>("match", 0, unique: false, ReadMatch) ?? [];
        ImmutableArray<SplitTarget> targets = reader.Items<SplitTarget>("weighted_upstreams", 1, unique: false, ReadTarget) ?? [Own];
        reader.ForbidOthers();
        if (targets.Length > TargetsMax)
            findings.Schema(reader.At.Property("weighted_upstreams"), $"expect array to have at most {TargetsMax} items");
        rule = new SplitRuleConfig(new EquatableArray<VarsExpression>(match), new EquatableArray<SplitTarget>(targets));
        return true;
    }

    private static bool ReadMatch(JsonElement value, Location at, Findings findings, out VarsExpression condition)
    {
        condition = null!;
        if (ObjectReader.Open(value, at, findings) is not { } reader)
            return false;
        if (!reader.Has("vars"))
            findings.Add(Phase.Check, reader.At, $"failed to validate the 'vars' expression: missing argument rule ({reader.At.Path}: each match has vars)");
        VarsExpression? vars = reader.Vars("vars");
        reader.ForbidOthers();
        condition = vars!;
        return vars is not null;
    }

    private static bool ReadTarget(JsonElement value, Location at, Findings findings, out SplitTarget target)
    {
        target = Own;
        if (ObjectReader.Open(value, at, findings) is not { } reader)
            return false;
        string? id = reader.Id("upstream_id");
        var upstream = reader.Upstream("upstream");
        target = new SplitTarget(reader.Integer("weight", 0) ?? 1, id, id is null ? upstream : null);
        reader.ForbidOthers();
        Location upstreamAt = at.Property("upstream");
        if (id is not null && reader.Has("upstream"))
            findings.Warn(upstreamAt, $"{upstreamAt.Path} has no effect beside upstream_id");
        return true;
    }
}
