using System.Text.Json;
using Headgate.Control.AdminApi.References;
using Headgate.Core.Config;

namespace Headgate.Control.Revisions.Preview;

/// <summary>What an edit of an object concerns: everything that names it, and what names that, with the live traffic of the routes among them.</summary>
/// <param name="Objects">In the order in which they were found: near ones first.</param>
/// <param name="IsComplete">False for kinds whose uses are not known: metadata and secrets are named inside of configurations of plugins.</param>
/// <param name="RequestsPerSecond">Of all routes that are concerned, in this process; null = no figure.</param>
internal sealed record BlastRadius(IReadOnlyList<Concerned> Objects, bool IsComplete, double? RequestsPerSecond)
{
    /// <summary>Most objects that are listed; the totals count all.</summary>
    private const int ListedMax = 10_000;

    /// <summary>Whether a global rule is among them: then every request is concerned.</summary>
    public bool EveryRequest => Objects.Any(static one => KindOf(one) == ResourceKind.GlobalRule);

    /// <summary>Writes the members.</summary>
    public void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("totals");
        foreach (IGrouping<ResourceKind?, Concerned> kind in Objects.GroupBy(KindOf).Where(static kind => kind.Key is not null).OrderBy(static kind => kind.Key))
            writer.WriteNumber(kind.Key!.Value.Plural(), kind.Count());
        writer.WriteNumber("split_rules", Objects.Sum(static one => one.By.Select(static reference => SplitRule(reference.Path)).OfType<string>().Distinct(StringComparer.Ordinal).Count()));
        writer.WriteEndObject();
        writer.WriteBoolean("every_request", EveryRequest);
        writer.WriteBoolean("complete", IsComplete);
        WriteRate(writer, RequestsPerSecond);
        writer.WriteStartArray("list");
        foreach (Concerned one in Objects.Take(ListedMax))
            Write(writer, one);
        writer.WriteEndArray();
    }

    private static ResourceKind? KindOf(Concerned one) => ResourceKinds.TryParseKey(one.Key, out ResourceKind kind, out _) ? kind : null;

    /// <summary><c>plugins.traffic-split.rules[0].weighted_upstreams[1].upstream_id</c> is of the rule <c>plugins.traffic-split.rules[0]</c>.</summary>
    private static string? SplitRule(string path) => path.IndexOf("].weighted_upstreams[", StringComparison.Ordinal) is var end and >= 0 ? path[..(end + 1)] : null;

    private static void Write(Utf8JsonWriter writer, Concerned one)
    {
        writer.WriteStartObject();
        RevisionJson.WriteKey(writer, one.Key);
        if (one.Workspace is { } workspace)
            writer.WriteString("workspace_id", workspace);
        writer.WriteStartArray("by");
        foreach (Reference reference in one.By)
        {
            writer.WriteStartObject();
            writer.WriteString("path", reference.Path);
            writer.WriteString("key", reference.TargetKey);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (KindOf(one) == ResourceKind.Route)
            WriteRate(writer, one.RequestsPerSecond);
        writer.WriteEndObject();
    }

    private static void WriteRate(Utf8JsonWriter writer, double? rate)
    {
        if (rate is { } known)
            writer.WriteNumber("requests_per_second", Math.Round(known, 3));
        else
            writer.WriteNull("requests_per_second");
    }
}
