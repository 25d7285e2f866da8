using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.Nodes;
using Headgate.Core.Snapshot.Explain;
using Headgate.Core.Upstreams;

namespace Headgate.Control.Explain;

/// <summary>Writes what was done with the latest requests.</summary>
internal static class RecentJson
{
    /// <summary>The latest of those that pass, as <see cref="IRecentDecisions.Latest"/>. <paramref name="recent"/>: null = none are kept.</summary>
    public static AdminResponse Write(IRecentDecisions? recent, int count, Func<string?, string?, bool>? passes)
    {
        IReadOnlyList<RecentDecision> decisions = recent?.Latest(count, passes) ?? [];
        return AdminResponse.Object(200, (recent, decisions), static (writer, answer) =>
        {
            writer.WriteNumber("kept_max", answer.recent?.Capacity ?? 0);
            writer.WriteNumber("sample", answer.recent?.Sample ?? 0);
            writer.WriteNumber("total", answer.decisions.Count);
            writer.WriteStartArray("requests");
            foreach (RecentDecision decision in answer.decisions)
                Write(writer, decision);
            writer.WriteEndArray();
        });
    }

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
        writer.WriteString("type", decision.Type);
        writer.WriteNumber("candidates_count", decision.CandidatesCount);
        writer.WriteBoolean("uses_unusable", decision.UsesUnusable);
        writer.WriteNumber("status", decision.Status);
        writer.WriteNumber("tries_count", decision.TriesCount);
        writer.WriteStartArray("tries");
        foreach (RecentTry one in decision.Tries)
            Write(writer, one);

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

    private static void Write(Utf8JsonWriter writer, RecentTry one)
    {
        writer.WriteStartObject();
        writer.WriteString("node", one.Node);
        if (one.Score is { } score)
            writer.WriteNumber("score", Math.Round(score, 6));
        if (one.Drawn is var (first, challenger))
        {
            writer.WriteStartArray("drawn");
            writer.WriteStringValue(first);
            writer.WriteStringValue(challenger);
            writer.WriteEndArray();
        }

        if (one.Hash is { } hash)
            writer.WriteNumber("hash", hash);
        writer.WriteString("outcome", one.Outcome);
        writer.WriteNumber("status", one.Status);
        writer.WriteEndObject();
    }
}
