using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Headgate.CommandLine.Configuration.Live;

namespace Headgate.CommandLine.Configuration.Documents;

/// <summary>Objects as a table for people: id, name, what it is about, when it was last written.</summary>
internal static class ObjectTable
{
    private const int DetailMax = 80;

    private static readonly string[] Heads = ["ID", "NAME", "DETAIL", "UPDATED"];
    private static readonly string[] Details = ["uri", "uris", "host", "hosts", "methods", "type", "nodes", "service_name", "upstream_id", "service_id", "plugin_config_id", "group_id", "sni", "snis", "plugins"];

    /// <summary>The table; a line that says so when there are none.</summary>
    public static string Of(IReadOnlyList<LiveObject> live)
    {
        string[][] rows = [Heads, .. live.Select(static one => (string[])[one.Name.Id, one.Value["name"]?.ToString() ?? "", Detail(one.Value), Time(one.Value["update_time"])])];
        int[] widths = [.. Heads.Select((_, column) => rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        foreach (string[] row in rows)
            text.Append(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()).Append('\n');
        return text.ToString();
    }

    private static string Detail(JsonObject value)
    {
        string detail = string.Join(' ', Details.Where(value.ContainsKey).Select(member => $"{member}={Short(member, value[member])}"));
        return detail.Length <= DetailMax ? detail : detail[..(DetailMax - 3)] + "...";
    }

    /// <summary>Values, but for configurations of plugins, whose names are enough and hold no secrets.</summary>
    private static string Short(string member, JsonNode? value) => (member, value) switch
    {
        ("plugins", JsonObject plugins) => string.Join(',', plugins.Select(static plugin => plugin.Key)),
        ("nodes", JsonObject nodes) => string.Join(',', nodes.Select(static node => node.Key)),
        ("nodes", JsonArray nodes) => string.Join(',', nodes.Select(static node => node is JsonObject ? $"{node["host"]}:{node["port"]}" : "?")),
        (_, JsonArray list) => string.Join(',', list.Select(static item => item?.ToString())),
        _ => value?.ToString() ?? "",
    };

    private static string Time(JsonNode? seconds) =>
        seconds is JsonValue value && value.TryGetValue(out long time) ? DateTimeOffset.FromUnixTimeSeconds(time).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "";
}
