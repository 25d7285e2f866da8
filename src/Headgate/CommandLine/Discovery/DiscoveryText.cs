using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Headgate.CommandLine.Discovery;

/// <summary>What the gateway said of registries and services, for people.</summary>
internal static class DiscoveryText
{
    /// <summary>A registry as services name it: <c>consul</c>, <c>service_registries/ID</c>.</summary>
    public static string NameOf(JsonElement registry) =>
        Text(registry, "source") == "store" ? $"service_registries/{Text(registry, "id")}" : Text(registry, "type");

    /// <summary>How a registry is: <c>lost_connection: connection refused</c>.</summary>
    public static string StatusOf(JsonElement registry) => Text(registry, "status") + (Text(registry, "status_reason") is { Length: > 0 } reason ? $": {reason}" : "");

    /// <summary>What is to be known of a service beside its instances; empty when all is well.</summary>
    public static string NoteOf(JsonElement service)
    {
        List<string> notes = [];
        if (service.TryGetProperty("held", out JsonElement held))
            notes.Add($"held, {held.GetProperty("missing").GetInt32()} missing, until {Time(held.GetProperty("until"))}");
        if (Text(service, "failure") is { Length: > 0 } failure)
            notes.Add("no answer: " + failure);
        if (service.GetProperty("remembered").GetBoolean())
            notes.Add("from before a restart");
        else if (!service.GetProperty("known").GetBoolean())
            notes.Add("not known yet");
        if (service.TryGetProperty("problems", out JsonElement problems))
            notes.Add($"{problems.GetArrayLength()} parts of the answer left out");
        return string.Join("; ", notes);
    }

    /// <summary>A service with what tells it from others of its name.</summary>
    public static string Title(JsonElement service) =>
        $"{Text(service, "service_name")} of {Text(service, "registry")}{(service.TryGetProperty("discovery_args", out JsonElement arguments) ? " " + arguments.GetRawText() : "")}";

    /// <summary>An instance: <c>10.0.0.1:80 weight 100</c>.</summary>
    public static string Instance(JsonElement instance)
    {
        var text = new StringBuilder(Text(instance, "host"));
        if (instance.TryGetProperty("port", out JsonElement port))
            text.Append(':').Append(port.GetInt32());
        text.Append(" weight ").Append(instance.GetProperty("weight").GetInt32());
        if (instance.TryGetProperty("priority", out JsonElement priority))
            text.Append(" priority ").Append(priority.GetInt32());
        if (instance.TryGetProperty("metadata", out JsonElement metadata))
            text.Append(' ').Append(metadata.GetRawText());
        return text.ToString();
    }

    /// <summary>Two tables: registries, services.</summary>
    public static string List(IReadOnlyList<JsonElement> registries, IReadOnlyList<JsonElement> services)
    {
        var text = new StringBuilder();
        Table(text, ["REGISTRY", "TYPE", "STATUS"], [.. registries.Select(static registry => (string[])[NameOf(registry), Text(registry, "type"), StatusOf(registry)])], "no service registry is configured");
        text.Append('\n');
        Table(text, ["SERVICE", "REGISTRY", "FOLLOWERS", "INSTANCES", "AGE", "NOTE"], [.. services.Select(Row)], "no upstream follows a service");
        return text.ToString();
    }

    /// <summary>All about a service.</summary>
    public static string Show(JsonElement service)
    {
        var text = new StringBuilder(Title(service)).Append(": ").Append(Count(service.GetProperty("instance_count").GetInt32(), "instance"))
            .Append(", followed by ").Append(Count(service.GetProperty("followers").GetInt32(), "upstream")).Append(", age ").Append(Age(service)).Append('\n');
        if (NoteOf(service) is { Length: > 0 } note)
            text.Append("  ").Append(note).Append('\n');
        if (service.TryGetProperty("problems", out JsonElement problems))
        {
            foreach (JsonElement problem in problems.EnumerateArray())
                text.Append("  left out: ").Append(problem.GetString()).Append('\n');
        }

        foreach (JsonElement instance in service.GetProperty("instances").EnumerateArray())
            text.Append("  ").Append(Instance(instance)).Append('\n');
        return text.ToString();
    }

    private static string[] Row(JsonElement service) =>
    [
        Text(service, "service_name"), Text(service, "registry"), Number(service, "followers"), Number(service, "instance_count"), Age(service), NoteOf(service),
    ];

    private static void Table(StringBuilder text, string[] heads, IReadOnlyList<string[]> rows, string none)
    {
        if (rows.Count == 0)
        {
            text.Append(none).Append('\n');
            return;
        }

        int[] widths = [.. heads.Select((head, i) => Math.Max(head.Length, rows.Max(row => row[i].Length)))];
        foreach (string[] row in rows.Prepend(heads))
            text.Append(string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd()).Append('\n');
    }

    private static string Age(JsonElement service) =>
        service.TryGetProperty("age", out JsonElement age) ? string.Create(CultureInfo.InvariantCulture, $"{age.GetDouble():0} s") : "-";

    private static string Time(JsonElement seconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds.GetDouble() * 1000)).ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Number(JsonElement value, string name) => value.GetProperty(name).GetInt32().ToString(CultureInfo.InvariantCulture);

    private static string Text(JsonElement value, string name) => value.TryGetProperty(name, out JsonElement text) ? text.GetString()! : "";

    private static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
