using System.Globalization;
using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.Line;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;

namespace Headgate.Control.Overrides;

/// <summary>An instance's part of overrides: what has become of those that act on it, and whether one that is wanted would leave an upstream without nodes here.</summary>
internal sealed class OverrideJudge(InstanceParts parts)
{
    /// <summary>Nodes named in a text.</summary>
    private const int NamedMax = 20;

    /// <summary>Asks whether an override may be given; <paramref name="stored"/> are those of the same upstream, which may be newer than what the instance serves.</summary>
    public static JsonElement Question(OverrideTarget target, OverrideRequest wanted, IReadOnlyList<OverrideConfig> stored) => JsonElement.Parse(JsonText.Build(
        (target, wanted, stored), static (writer, state) =>
        {
            writer.WriteStartObject();
            writer.WriteString("id", state.target.Id);
            writer.WriteString("kind", state.wanted.Kind.Name());
            writer.WriteNumber("min_remaining", state.wanted.RemainingMin);
            writer.WriteStartObject("stored");
            foreach (OverrideConfig one in state.stored)
                writer.WriteString(one.Target.Id, one.Kind.Name());
            writer.WriteEndObject();
            writer.WriteEndObject();
        }).Span);

    /// <summary>Answers <see cref="Question"/>: 200, or the refusal.</summary>
    public AdminResponse Judge(AdminRequest request)
    {
        JsonElement asked = request.Body!.Value;
        if (!OverrideTarget.TryParse(asked.GetProperty("id").GetString()!, out OverrideTarget target) || OverrideKinds.Find(asked.GetProperty("kind").GetString()) is not { } kind)
            return AdminResponse.Error(400, "the question about an override is none");
        var stored = new Dictionary<OverrideTarget, OverrideKind>();
        foreach (JsonProperty one in asked.GetProperty("stored").EnumerateObject())
        {
            if (OverrideTarget.TryParse(one.Name, out OverrideTarget other) && OverrideKinds.Find(one.Value.GetString()) is { } word)
                stored[other] = word;
        }

        return Refusal(target, kind, asked.GetProperty("min_remaining").GetInt32(), stored) ?? AdminResponse.Object(200, 0, static (_, _) => { });
    }

    /// <summary>What has become of all that act here.</summary>
    public AdminResponse Acting() => AdminResponse.Object(200, parts.Overrides.All, static (writer, all) =>
    {
        writer.WriteStartArray("list");
        foreach (NodeOverride acting in all)
            ActingOverride.Of(acting).Write(writer, acting.Config);
        writer.WriteEndArray();
    });

    private AdminResponse? Refusal(OverrideTarget target, OverrideKind kind, int remainingMin, Dictionary<OverrideTarget, OverrideKind> stored)
    {
        if (parts.Upstreams.Find(target.Owner) is not { } upstream)
        {
            return AdminResponse.Error(404, target.Owner.StartsWith("upstreams/", StringComparison.Ordinal)
                ? $"{target.Owner} is not served: it does not exist, or is refused (the log says why)" : $"{target.Owner} has no upstream of its own that is served");
        }

        if (!upstream.Nodes.Any(node => node.Config.Host == target.Host && node.Config.Port == target.Port))
            return AdminResponse.Error(404, $"{target.Owner} has no node {target.Address}; {Nodes(upstream)}");
        if (!kind.Withdraws() || remainingMin == 0)
            return null;
        if (stored.TryGetValue(target, out OverrideKind present) && present.Withdraws())
            return null; // it is out already: nothing is taken away
        var count = RemainingNodes.Without(upstream, stored, target);
        return count.Remaining >= remainingMin ? null : TooFew(target, kind, remainingMin, count);
    }

    private static AdminResponse TooFew(OverrideTarget target, OverrideKind kind, int remainingMin, RemainingNodes count) =>
        AdminResponse.Object(409, (target, kind, remainingMin, count), static (writer, state) =>
        {
            (OverrideTarget target, OverrideKind kind, int remainingMin, RemainingNodes count) = state;
            writer.WriteString("error_msg", string.Create(
                CultureInfo.InvariantCulture,
                $"{kind.Name()} of {target.Address} is refused: it would leave {target.Owner} with {count.Remaining} usable of {count.Nodes} nodes ({count.Usable} now), "
                + $"and min_remaining is {remainingMin}; set force to do it all the same"));
            writer.WriteNumber("nodes", count.Nodes);
            writer.WriteNumber("usable", count.Usable);
            writer.WriteNumber("remaining", count.Remaining);
            writer.WriteNumber("min_remaining", remainingMin);
        });

    private static string Nodes(UpstreamSnapshot upstream)
    {
        if (upstream.Nodes.Count == 0)
            return "it has none";
        IEnumerable<string> named = upstream.Nodes.Take(NamedMax).Select(node => string.Create(CultureInfo.InvariantCulture, $"{node.Config.Host}:{node.Config.Port}"));
        int more = upstream.Nodes.Count - NamedMax;
        return $"its nodes are {string.Join(", ", named)}{(more > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {more} more") : "")}";
    }
}
