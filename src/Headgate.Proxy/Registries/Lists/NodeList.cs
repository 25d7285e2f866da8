using System.Globalization;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.Lists;

/// <summary>
/// Reads the nodes of a service as the registries <c>file</c> and <c>http</c> have them: <c>[{"host", "port", "weight", "priority", "metadata"}]</c>. One that cannot be used is left out
/// and named, and so is a member with a name that none has: it is most likely a slip.
/// </summary>
internal static class NodeList
{
    private static readonly string[] Members = ["host", "port", "weight", "priority", "metadata"];

    /// <summary>The answer that <paramref name="list"/> is. <paramref name="at"/> says where it stands, for texts.</summary>
    /// <exception cref="RegistryException">It is no list, or holds nodes of which none can be used.</exception>
    public static ServiceAnswer Read(JsonElement list, string at, int defaultWeight)
    {
        if (list.ValueKind != JsonValueKind.Array)
            throw Wrong($"{at} is {Kind(list)}; allowed: a list of nodes");
        var builder = new ServiceAnswerBuilder();
        int index = 0;
        foreach (JsonElement node in list.EnumerateArray())
            ReadNode(builder, string.Create(CultureInfo.InvariantCulture, $"{at}[{index++}]"), node, defaultWeight);
        return builder.IsGarbage ? throw Wrong($"no node can be used: {string.Join("; ", builder.Build().Problems)}") : builder.Build();
    }

    /// <summary>What a value is, for texts. Never the value: a path may name a file that is none of services, and whose content is not for whoever sees the text.</summary>
    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    private static void ReadNode(ServiceAnswerBuilder builder, string at, JsonElement node, int defaultWeight)
    {
        if (node.ValueKind != JsonValueKind.Object)
        {
            builder.Refuse($"{at} is {Kind(node)}; allowed: an object with host, port, weight, priority, metadata");
            return;
        }

        string? problem = null;
        foreach (JsonProperty member in node.EnumerateObject())
        {
            if (!Members.Contains(member.Name))
                problem ??= $"{at}.{(member.Name.Length <= 100 ? member.Name : member.Name[..100])} is no member of a node; allowed: {string.Join(", ", Members)}";
        }

        string? host = Text(node, at, ref problem);
        double? port = Number(node, "port", at, ref problem);
        double weight = Number(node, "weight", at, ref problem) ?? defaultWeight;
        double priority = Number(node, "priority", at, ref problem) ?? 0;
        List<MetadataEntry> metadata = Metadata(node, at, ref problem);
        if (port is { } number && number != Math.Truncate(number))
            problem ??= string.Create(CultureInfo.InvariantCulture, $"{at}.port is {number}; allowed: 1 to 65535");
        if (priority != Math.Truncate(priority) || Math.Abs(priority) > int.MaxValue)
            problem ??= string.Create(CultureInfo.InvariantCulture, $"{at}.priority is {priority}; allowed: a whole number");
        if (problem is not null)
            builder.Refuse(problem);
        else
            builder.Add(at, host, port is null ? null : (long)Math.Clamp(port.Value, -1, 65536), weight, (int)priority, metadata);
    }

    private static string? Text(JsonElement node, string at, ref string? problem)
    {
        if (!node.TryGetProperty("host", out JsonElement value))
            problem ??= $"{at}.host is missing";
        else if (value.ValueKind != JsonValueKind.String)
            problem ??= $"{at}.host is {Kind(value)}; allowed: a host name or an address";
        else
            return value.GetString();
        return null;
    }

    private static double? Number(JsonElement node, string name, string at, ref string? problem)
    {
        if (!node.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number))
            return number;
        problem ??= $"{at}.{name} is {Kind(value)}; allowed: a number";
        return null;
    }

    private static List<MetadataEntry> Metadata(JsonElement node, string at, ref string? problem)
    {
        var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (!node.TryGetProperty("metadata", out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return [];
        if (value.ValueKind != JsonValueKind.Object)
        {
            problem ??= $"{at}.metadata is {Kind(value)}; allowed: an object";
            return [];
        }

        foreach (JsonProperty member in value.EnumerateObject())
        {
            if (member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
                entries[member.Name] = member.Value.ToString() is var text && member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? text.ToLowerInvariant() : text;
        }

        return [.. entries.Select(static entry => new MetadataEntry(entry.Key, entry.Value))];
    }

    private static RegistryException Wrong(string message) => new(message);
}
