using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.Nodes;
using Headgate.Core.Snapshot.Explain;
using Headgate.Core.Upstreams;

namespace Headgate.Control.Explain;

/// <summary>Writes what was done with the latest requests.</summary>
internal static class RecentJson
{
    /// <summary>The latest, at most <paramref name="count"/>.</summary>
    public static AdminResponse Write(IRecentDecisions recent, int count) => AdminResponse.Object(200, (recent, count), static (writer, state) =>
    {
        IReadOnlyList<RecentDecision> decisions = state.recent.Latest(state.count);
        writer.WriteNumber("kept_max", state.recent.Capacity);
        writer.WriteNumber("sample", state.recent.Sample);
        writer.WriteNumber("total", decisions.Count);
        writer.WriteStartArray("requests");
        foreach (RecentDecision decision in decisions)
            Write(writer, decision);
        writer.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter writer, RecentDecision decision)
    {
        writer.WriteStartObject();
        writer.WriteString("at", decision.At.UtcDateTime);
        writer.WriteNumber("duration_ms", decision.DurationMs);
        writer.WriteString("method", decision.Method);
        writer.WriteString("host", decision.Host);
        writer.WriteString("path", decision.Path);
        writer.WriteString("route", decision.RouteId);
        writer.WriteString("upstream", decision.Upstream);
        writer.WriteNumber("status", decision.Status);
        writer.WriteNumber("tries_count", decision.TriesCount);
        writer.WriteStartArray("tries");
        foreach (RecentTry one in decision.Tries)
        {
            writer.WriteStartObject();
            writer.WriteString("node", one.Node);
            writer.WriteString("outcome", one.Outcome);
            writer.WriteNumber("status", one.Status);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("excluded");
        foreach ((string node, NodeExclusions why) in decision.Excluded)
        {
            writer.WriteStartObject();
            writer.WriteString("node", node);
            NodeJson.WriteExclusions(writer, "why", why);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
