using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Control.Revisions.Differences;

namespace Headgate.CommandLine.History;

/// <summary>What was changed, for people.</summary>
internal static class HistoryText
{
    /// <summary>The changes in their order, and whether there is more.</summary>
    public static string Of(JsonObject answer)
    {
        var text = new StringBuilder();
        JsonElement found = JsonSerializer.SerializeToElement(answer, JsonLayout.Dense);
        foreach (JsonElement change in found.GetProperty("list").EnumerateArray())
            Append(text, change);
        if (found.GetProperty("list").GetArrayLength() == 0)
            text.Append("nothing was changed\n");
        if (found.GetProperty("before") is { ValueKind: JsonValueKind.Number } before)
            text.Append(CultureInfo.InvariantCulture, $"older changes: --before {before.GetInt64()}, or a larger --limit\n");
        else if (found.TryGetProperty("forgotten", out JsonElement forgotten))
            text.Append(CultureInfo.InvariantCulture, $"what was changed up to revision {forgotten.GetInt64()} is not known any more (headgate.history.days)\n");
        return text.ToString();
    }

    /// <summary>The object of a change or an answer: <c>upstreams/web</c>.</summary>
    public static string NameOf(JsonElement change)
    {
        if (!change.TryGetProperty("kind", out JsonElement kind))
            return TerminalText.Of(change.GetProperty("key").GetString()!);
        string id = change.GetProperty("id").GetString()!;
        return TerminalText.Of(ObjectName.FindKind(kind.GetString()!) is { } known ? new ObjectName(known, id).ToString() : $"{kind.GetString()}/{id}");
    }

    private static void Append(StringBuilder text, JsonElement change)
    {
        DateTimeOffset time = DateTimeOffset.FromUnixTimeMilliseconds((long)(change.GetProperty("time").GetDecimal() * 1000));
        string what = change.GetProperty("change").GetString()!;
        text.Append(CultureInfo.InvariantCulture, $"{change.GetProperty("revision").GetInt64()}  {time:yyyy-MM-dd HH:mm:ss}Z  {what} {NameOf(change)}  by {Said(change, "who")} from {Said(change, "where")}\n");
        text.Append("    ").Append(Said(change, "why")).Append('\n');

        // What is gone is gone as a whole; as data it is there with all of its fields.
        foreach (FieldChange field in what is "deleted" or "expired" ? [] : FieldText.Read(change.GetProperty("difference")))
            text.Append("    ").Append(FieldText.Of(field)).Append('\n');
    }

    private static string Said(JsonElement change, string member) => TerminalText.Of(change.GetProperty(member).GetString() ?? "");
}
