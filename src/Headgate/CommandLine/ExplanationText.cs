using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Headgate.CommandLine;

/// <summary>An answer of <c>/api/explain</c> for people.</summary>
internal static class ExplanationText
{
    /// <summary>The text, ending with a line end.</summary>
    public static string Of(JsonElement root)
    {
        var text = new StringBuilder();
        Line(text, $"revision  {root.GetProperty("revision").GetInt64()}");
        JsonElement route = root.GetProperty("route");
        Line(text, route.ValueKind == JsonValueKind.Null ? "route     none" : $"route     {route.GetProperty("id").GetString()}  ({Join(route.GetProperty("hosts"), "any host")}, {Join(route.GetProperty("uris"), "")})");
        if (root.TryGetProperty("upstream_choices", out JsonElement choices))
            Line(text, $"chosen    by {root.GetProperty("upstream_chosen_by").GetString()}, {(root.TryGetProperty("upstream_rule", out JsonElement rule) ? $"rule {rule.GetInt32()}" : "none of its rules")}: {string.Join(", ", choices.EnumerateArray().Select(Choice))}");
        JsonElement upstream = root.GetProperty("upstream");
        if (upstream.ValueKind != JsonValueKind.Null)
            AppendUpstream(text, upstream);
        Line(text, Outcome(root, upstream));
        return text.ToString();
    }

    private static string Outcome(JsonElement root, JsonElement upstream)
    {
        if (root.GetProperty("status").ValueKind != JsonValueKind.Null)
            return $"answer    {root.GetProperty("status").GetInt32()}: {root.GetProperty("reason").GetString()}";
        if (upstream.ValueKind == JsonValueKind.Null && root.TryGetProperty("upstream_chosen_by", out JsonElement chooser))
            return $"goes to   the upstream that {chooser.GetString()} chooses when the request comes";
        if (root.GetProperty("outcome").GetString() == "queued")
            return "waits     for a node with a free permit (max_requests), or until its time in the queue is over";
        string[] picks = [.. upstream.GetProperty("picks").EnumerateArray().Select(pick => pick.GetString()!)];
        string then = picks.Length == 1 ? "" : $"; when tries fail and may be repeated, then {string.Join(", ", picks[1..])}";
        return $"goes to   {picks[0]}{then}";
    }

    private static string Choice(JsonElement choice) => $"{choice.GetProperty("key").GetString() ?? "none"} weight {choice.GetProperty("weight").GetInt32()}";

    private static void AppendUpstream(StringBuilder text, JsonElement upstream)
    {
        string random = upstream.GetProperty("random").GetBoolean() ? "; draws at random: this holds until another request draws" : "";
        Line(text, $"upstream  {upstream.GetProperty("key").GetString()}  ({upstream.GetProperty("type").GetString()}{random})");
        JsonElement hash = upstream.GetProperty("hash");
        if (hash.ValueKind != JsonValueKind.Null)
            Line(text, $"key       \"{TerminalText.Of(hash.GetProperty("key").GetString()!)}\", position {hash.GetProperty("position").GetInt32()} of {hash.GetProperty("positions").GetInt32()}, of node {hash.GetProperty("node").GetString()}");
        if (upstream.GetProperty("uses_unusable").GetBoolean())
            Line(text, "nodes     none is usable: all are used that no operator has withdrawn");
        AppendLimits(text, upstream.GetProperty("limits"));
        foreach (JsonElement candidate in upstream.GetProperty("candidates").EnumerateArray())
            AppendCandidate(text, candidate);
    }

    private static void AppendLimits(StringBuilder text, JsonElement limits)
    {
        if (limits.TryGetProperty("rate_limit", out JsonElement rate))
            Line(text, $"limit     rate_limit: {rate.GetProperty("left").GetInt64()} more may pass now");
        if (limits.TryGetProperty("circuit_breaker", out JsonElement circuit))
            Line(text, $"limit     circuit_breaker: {circuit.GetProperty("state").GetString()!.Replace('_', '-')}");
        if (limits.TryGetProperty("queue", out JsonElement queue))
            Line(text, $"limit     queue: {queue.GetProperty("waiting").GetInt32()} wait, {queue.GetProperty("size").GetInt32()} may");
    }

    private static void AppendCandidate(StringBuilder text, JsonElement candidate)
    {
        string standing = candidate.GetProperty("standing").GetString()!.Replace('_', ' ');
        string score = candidate.GetProperty("score").ValueKind == JsonValueKind.Null ? "" : string.Create(CultureInfo.InvariantCulture, $", score {candidate.GetProperty("score").GetDouble():0.###}");
        string permits = candidate.TryGetProperty("permits_free", out JsonElement free) ? $", {free.GetInt32()} permits free" : "";
        string reasons = string.Concat(candidate.GetProperty("exclusions").EnumerateArray().Select(Reason));
        Line(text, $"node      {candidate.GetProperty("node").GetString(),-24} {standing,-8} weight {candidate.GetProperty("weight").GetInt32()}, in flight {candidate.GetProperty("in_flight").GetInt64()}{permits}{score}{reasons}");
    }

    private static string Reason(JsonElement exclusion)
    {
        JsonElement since = exclusion.GetProperty("since");
        string why = exclusion.GetProperty("why").GetString()!;
        return since.ValueKind == JsonValueKind.Null ? $"; {why}"
            : $"; {why} since {since.GetProperty("at").GetDateTimeOffset():yyyy-MM-dd HH:mm:ss}Z ({since.GetProperty("source").GetString()}: {TerminalText.Of(since.GetProperty("reason").GetString()!)})";
    }

    private static string Join(JsonElement texts, string none) => texts.GetArrayLength() == 0 ? none : string.Join(" ", texts.EnumerateArray().Select(t => t.GetString()));

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
