using System.Collections.Immutable;
using System.Text.Json;
using Headgate.Core.Config.Expressions;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.ProxyRewrite;

namespace Headgate.Proxy.Plugins.TrafficLabel;

/// <summary><c>traffic-label</c>: marks requests for nodes, and for plugins after it, by header fields.</summary>
internal sealed class TrafficLabelKind : PluginKind<TrafficLabelConfig>
{
    /// <inheritdoc/>
    public override string Name => "traffic-label";

    /// <inheritdoc/>
    public override int Priority => 967;

    /// <inheritdoc/>
    protected override TrafficLabelConfig? ReadConfig(ObjectReader reader)
    {
        reader.Require("rules");
        ImmutableArray<LabelRule> rules = reader.Items<LabelRule>("rules", 1, unique: false, ReadRule) ?? [];
        reader.ForbidOthers();
        return new TrafficLabelConfig(new EquatableArray<LabelRule>(rules));
    }

    /// <inheritdoc/>
    protected override Plugin Make(TrafficLabelConfig config, PluginServices services) => new TrafficLabelPlugin(config);

    private static bool ReadRule(JsonElement value, Location at, Findings findings, out LabelRule rule)
    {
        rule = null!;
        if (ObjectReader.Open(value, at, findings) is not { } reader)
            return false;
        reader.Require("actions");
        if (reader.TryGet("match", out JsonElement match) && match.ValueKind == JsonValueKind.Array && match.GetArrayLength() == 0)
            findings.Schema(at.Property("match"), "expect array to have at least 1 items");
        VarsExpression? vars = reader.Vars("match");
        ImmutableArray<LabelAction> actions = reader.Items<LabelAction>("actions", 1, unique: false, ReadAction) ?? [];
        reader.ForbidOthers();
        rule = new LabelRule(vars, new EquatableArray<LabelAction>(actions));
        return true;
    }

    private static bool ReadAction(JsonElement value, Location at, Findings findings, out LabelAction action)
    {
        action = null!;
        if (ObjectReader.Open(value, at, findings) is not { } reader)
            return false;
        EquatableArray<HeaderTemplate> fields = reader.TryGet("set_headers", out JsonElement headers)
            ? RequestHeadersReader.ReadFields(headers, at.Property("set_headers"), findings, takesLists: false)
            : [];
        action = new LabelAction(fields, reader.Integer("weight", 1) ?? 1);
        foreach (JsonProperty member in value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : default)
        {
            if (member.Name is not ("weight" or "set_headers"))
                findings.Schema(at, $"not supported action: {member.Name}");
        }

        return true;
    }
}
