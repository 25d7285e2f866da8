using System.Text.Json;
using Headgate.Control.AdminApi.Json;

namespace Headgate.Control.Revisions.Differences;

/// <summary>
/// What differs between two versions of an object, field by field: members by their names, nodes by their host and port, items of other arrays by their place when both arrays are
/// equally long. Anything else differs as a whole. Numbers of one value are equal however they are written, and the order of members says nothing. The object's <c>update_time</c>
/// is left out: every write changes it.
/// </summary>
public static class FieldDifference
{
    private const string Nodes = "nodes";

    /// <summary>The changes that make <paramref name="after"/> of <paramref name="before"/>; null = there is no such object.</summary>
    public static IReadOnlyList<FieldChange> Between(JsonElement? before, JsonElement? after)
    {
        List<FieldChange> changes = [];
        if (before is { ValueKind: JsonValueKind.Object } old && after is { ValueKind: JsonValueKind.Object } present)
            AddMembers("", old, present, changes, except: "update_time");
        else
            Add("", "", before, after, changes);
        return changes;
    }

    private static void Add(string path, string name, JsonElement? before, JsonElement? after, List<FieldChange> changes)
    {
        if (before is not { } old || after is not { } present)
        {
            if (before is not null || after is not null)
                changes.Add(new FieldChange(path, before, after));
        }
        else if (old.ValueKind == JsonValueKind.Object && present.ValueKind == JsonValueKind.Object)
        {
            AddMembers(path, old, present, changes);
        }
        else if (!JsonElement.DeepEquals(old, present) && !TryAddItems(path, name, old, present, changes))
        {
            changes.Add(new FieldChange(path, before, after));
        }
    }

    private static void AddMembers(string path, JsonElement before, JsonElement after, List<FieldChange> changes, string? except = null)
    {
        OrderedDictionary<string, JsonElement> old = JsonText.Members(before);
        OrderedDictionary<string, JsonElement> present = JsonText.Members(after);
        foreach ((string name, JsonElement value) in old)
        {
            if (name != except)
                Add(FieldPath.Member(path, name), name, value, present.TryGetValue(name, out JsonElement now) ? now : null, changes);
        }

        foreach ((string name, JsonElement value) in present)
        {
            if (name != except && !old.ContainsKey(name))
                Add(FieldPath.Member(path, name), name, null, value, changes);
        }
    }

    /// <summary>False when the arrays, if they are any, can only be told apart as wholes.</summary>
    private static bool TryAddItems(string path, string name, JsonElement before, JsonElement after, List<FieldChange> changes)
    {
        if (before.ValueKind != JsonValueKind.Array || after.ValueKind != JsonValueKind.Array)
            return false;
        if (name == Nodes && ByName(before) is { } old && ByName(after) is { } present)
        {
            AddNodes(path, old, present, changes);
            return true;
        }

        if (before.GetArrayLength() != after.GetArrayLength())
            return false;
        for (int index = 0; index < before.GetArrayLength(); index++)
            Add(FieldPath.Item(path, index), "", before[index], after[index], changes);
        return true;
    }

    private static void AddNodes(string path, OrderedDictionary<string, JsonElement> before, OrderedDictionary<string, JsonElement> after, List<FieldChange> changes)
    {
        foreach ((string node, JsonElement value) in before)
            Add(FieldPath.Node(path, node), "", value, after.TryGetValue(node, out JsonElement now) ? now : null, changes);
        foreach ((string node, JsonElement value) in after)
        {
            if (!before.ContainsKey(node))
                Add(FieldPath.Node(path, node), "", null, value, changes);
        }

        // Who only takes nodes away and adds others at the end has ordered nothing anew.
        IEnumerable<string> expected = before.Keys.Where(after.ContainsKey).Concat(after.Keys.Where(node => !before.ContainsKey(node)));
        if (!expected.SequenceEqual(after.Keys))
            changes.Add(new FieldChange(FieldPath.Order(path), Names(before), Names(after)));
    }

    private static JsonElement Names(OrderedDictionary<string, JsonElement> nodes) => JsonElement.Parse(JsonText.Build(nodes, static (writer, named) =>
    {
        writer.WriteStartArray();
        foreach (string name in named.Keys)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
    }).Span);

    /// <summary>The nodes by what they are called; null when one of them cannot be called anything, or two are called the same.</summary>
    private static OrderedDictionary<string, JsonElement>? ByName(JsonElement array)
    {
        var nodes = new OrderedDictionary<string, JsonElement>(array.GetArrayLength(), StringComparer.Ordinal);
        foreach (JsonElement item in array.EnumerateArray())
        {
            if (FieldPath.NodeName(item) is not { } name || !nodes.TryAdd(name, item))
                return null;
        }

        return nodes;
    }
}
