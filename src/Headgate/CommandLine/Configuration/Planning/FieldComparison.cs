using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Headgate.CommandLine.Configuration.Planning;

/// <summary>
/// Which fields differ between two values: members by their names, nodes by host and port, items of arrays of one length by their places, all else as a whole. The order of
/// members and how a number is written say nothing.
/// </summary>
internal static partial class FieldComparison
{
    /// <summary>What makes <paramref name="after"/> of <paramref name="before"/>, in the order of the fields.</summary>
    public static IReadOnlyList<FieldChange> Between(JsonObject before, JsonObject after)
    {
        List<FieldChange> changes = [];
        Members("", before, after, changes);
        return changes;
    }

    private static void Members(string path, JsonObject before, JsonObject after, List<FieldChange> changes)
    {
        foreach ((string name, JsonNode? old) in before)
        {
            string at = Member(path, name);
            if (after.TryGetPropertyValue(name, out JsonNode? now))
                Value(at, name, old, now, changes);
            else
                changes.Add(new FieldChange(at, true, old, false, null));
        }

        foreach ((string name, JsonNode? now) in after.Where(member => !before.ContainsKey(member.Key)))
            changes.Add(new FieldChange(Member(path, name), false, null, true, now));
    }

    private static void Value(string path, string name, JsonNode? before, JsonNode? after, List<FieldChange> changes)
    {
        if (JsonNode.DeepEquals(before, after))
            return;
        if (before is JsonObject old && after is JsonObject now)
            Members(path, old, now, changes);
        else if (before is JsonArray nodes && after is JsonArray newNodes && name == "nodes" && ByName(nodes) is { } byName && ByName(newNodes) is { } newByName)
            Nodes(path, byName, newByName, changes);
        else if (before is JsonArray items && after is JsonArray newItems && items.Count == newItems.Count)
            Items(path, items, newItems, changes);
        else
            changes.Add(new FieldChange(path, true, before, true, after));
    }

    private static void Items(string path, JsonArray before, JsonArray after, List<FieldChange> changes)
    {
        for (int index = 0; index < before.Count; index++)
            Value(string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), "", before[index], after[index], changes);
    }

    private static void Nodes(string path, OrderedDictionary<string, JsonNode> before, OrderedDictionary<string, JsonNode> after, List<FieldChange> changes)
    {
        foreach ((string node, JsonNode old) in before)
        {
            if (after.TryGetValue(node, out JsonNode? now))
                Value($"{path}[{node}]", "", old, now, changes);
            else
                changes.Add(new FieldChange($"{path}[{node}]", true, old, false, null));
        }

        foreach ((string node, JsonNode now) in after.Where(added => !before.ContainsKey(added.Key)))
            changes.Add(new FieldChange($"{path}[{node}]", false, null, true, now));
        string[] kept = [.. before.Keys.Where(after.ContainsKey)], stillThere = [.. after.Keys.Where(before.ContainsKey)];
        if (!kept.SequenceEqual(stillThere))
            changes.Add(new FieldChange($"{path}, their order", true, Names(before.Keys), true, Names(after.Keys)));
    }

    private static JsonArray Names(IEnumerable<string> names) => [.. names.Select(static name => (JsonNode)name)];

    /// <summary>Nodes by host and port; null when one has no host, or two have the same name.</summary>
    private static OrderedDictionary<string, JsonNode>? ByName(JsonArray array)
    {
        var nodes = new OrderedDictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (JsonNode? item in array)
        {
            if (item is not JsonObject node || node["host"] is not JsonValue host || host.GetValueKind() != JsonValueKind.String)
                return null;
            if (!nodes.TryAdd(node["port"] is { } port ? $"{host}:{port}" : host.ToString(), node))
                return null;
        }

        return nodes;
    }

    private static string Member(string path, string name) =>
        !Plain().IsMatch(name) ? $"{path}[\"{name}\"]" : path.Length == 0 ? name : $"{path}.{name}";

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
