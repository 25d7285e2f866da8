using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.Nodes;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Routing;
using Headgate.Core.Snapshot.Explain;
using Headgate.Core.Upstreams;

namespace Headgate.Control.Explain;

/// <summary>Writes an explanation.</summary>
internal static class ExplanationJson
{
    /// <summary>The whole of it.</summary>
    public static AdminResponse Write(RequestExplanation explanation) => AdminResponse.Object(200, explanation, static (writer, e) =>
    {
        writer.WriteNumber("revision", e.Revision);
        writer.WriteString("outcome", e.Status is not null ? "refused" : e.Upstream is { Limits.IsFull: true } ? "queued" : "forwarded");
        if (e.Status is { } status)
            writer.WriteNumber("status", status);
        else
            writer.WriteNull("status");
        writer.WriteString("reason", e.Refusal);
        if (e.ChosenBy is not null)
            WriteChoices(writer, e.ChosenBy, e.Rule, e.Choices);
        writer.WritePropertyName("route");
        WriteRoute(writer, e.Route);
        writer.WritePropertyName("upstream");
        WriteUpstream(writer, e.Upstream);
    });

    private static void WriteChoices(Utf8JsonWriter writer, string chooser, int? rule, IReadOnlyList<ChosenUpstream>? choices)
    {
        writer.WriteString("upstream_chosen_by", chooser);
        if (choices is null)
            return;
        if (rule is { } index)
            writer.WriteNumber("upstream_rule", index);
        writer.WriteStartArray("upstream_choices");
        foreach (ChosenUpstream choice in choices)
        {
            writer.WriteStartObject();
            writer.WriteString("key", choice.Owner);
            writer.WriteBoolean("own", choice.IsOwn);
            writer.WriteNumber("weight", choice.Weight);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteRoute(Utf8JsonWriter writer, RouteSnapshot? route)
    {
        if (route is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("id", route.Config.Id);
        writer.WriteString("name", route.Config.Name);
        writer.WriteTexts("hosts", route.Hosts);
        writer.WriteTexts("uris", route.Config.Uris.Items);
        writer.WriteNumber("priority", route.Config.Priority);
        writer.WriteEndObject();
    }

    private static void WriteUpstream(Utf8JsonWriter writer, UpstreamExplanation? explained)
    {
        if (explained is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("key", explained.Upstream.Owner);
        writer.WriteString("type", explained.Upstream.Config.Type);
        writer.WriteBoolean("random", explained.DrawsAtRandom);
        writer.WriteBoolean("uses_unusable", explained.UsesUnusable);
        writer.WriteNumber("tries_max", explained.Upstream.TriesMax);
        writer.WriteTexts("picks", explained.Picks.Select(node => NodeJson.Name(node.State)));
        writer.WritePropertyName("hash");
        WriteKey(writer, explained.Key);
        writer.WritePropertyName("limits");
        WriteLimits(writer, explained.Limits);
        writer.WriteStartArray("candidates");
        foreach (CandidateExplanation candidate in explained.Candidates)
            WriteCandidate(writer, candidate);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteLimits(Utf8JsonWriter writer, UpstreamLimits? limits)
    {
        writer.WriteStartObject();
        if (limits?.Rate is var (left, rateRetryAfter))
        {
            writer.WriteStartObject("rate_limit");
            writer.WriteNumber("left", left);
            writer.WriteNumber("retry_after", rateRetryAfter);
            writer.WriteEndObject();
        }

        if (limits?.Circuit is var (state, pass))
        {
            writer.WriteStartObject("circuit_breaker");
            writer.WriteString("state", JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString()));
            writer.WriteBoolean("admits", pass.IsAdmitted);
            writer.WriteNumber("retry_after", pass.RetryAfterSeconds);
            writer.WriteEndObject();
        }

        if (limits?.Queue is var (waiting, size))
        {
            writer.WriteStartObject("queue");
            writer.WriteNumber("waiting", waiting);
            writer.WriteNumber("size", size);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteKey(Utf8JsonWriter writer, HashedKey? key)
    {
        if (key is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("key", key.Text);
        writer.WriteNumber("value", key.Hash);
        writer.WriteNumber("position", key.Position);
        writer.WriteNumber("positions", key.Positions);
        writer.WriteString("node", NodeJson.Name(key.Node.State));
        writer.WriteEndObject();
    }

    private static void WriteCandidate(Utf8JsonWriter writer, CandidateExplanation candidate)
    {
        NodeState state = candidate.Node.State;
        writer.WriteStartObject();
        writer.WriteString("node", NodeJson.Name(state));
        writer.WriteString("standing", JsonNamingPolicy.SnakeCaseLower.ConvertName(candidate.Standing.ToString()));
        writer.WriteNumber("weight", candidate.Node.Config.Weight);
        writer.WriteNumber("priority", candidate.Node.Config.Priority);
        writer.WriteNumber("in_flight", state.InFlight);
        if (state.Permits.Max < int.MaxValue)
            writer.WriteNumber("permits_free", Math.Max(0, state.Permits.Max - state.Permits.Taken));
        if (candidate.Score is { } score)
            writer.WriteNumber("score", Math.Round(score, 6));
        else
            writer.WriteNull("score");
        writer.WriteBoolean("forced_up", state.IsForcedUp);
        writer.WriteStartArray("exclusions");
        foreach ((NodeExclusions why, NodeChange? since) in candidate.Reasons)
        {
            writer.WriteStartObject();
            writer.WriteString("why", NodeJson.Name(why));
            writer.WritePropertyName("since");
            if (since is null)
                writer.WriteNullValue();
            else
                NodeJson.WriteChange(writer, since);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
