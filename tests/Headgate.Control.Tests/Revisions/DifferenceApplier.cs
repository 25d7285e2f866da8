using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Control.Revisions.Differences;

namespace Headgate.Control.Tests.Revisions;

/// <summary>Applies one change of a difference by reading its path, as a program could that got the difference over HTTP.</summary>
internal static class DifferenceApplier
{
    public static JsonNode Apply(JsonNode target, FieldChange change)
    {
        JsonNode? after = change.After is { } value ? JsonNode.Parse(value.GetRawText()) : null;
        List<string> parts = Parts(change.Path);
        if (parts.Count == 0)
            return after!;
        JsonNode at = target;
        foreach (string part in parts[..^1])
            at = Step(at, part)!;
        string last = parts[^1];
        if (last == "[]")
            Order((JsonArray)at, [.. change.After!.Value.EnumerateArray().Select(name => name.GetString()!)]);
        else if (at is JsonObject members)
            Set(members, Name(last), after, isGone: change.After is null);
        else
            Set((JsonArray)at, last, after, isGone: change.After is null);
        return target;
    }

    private static void Set(JsonObject members, string name, JsonNode? value, bool isGone)
    {
        if (isGone)
            members.Remove(name).ShouldBeTrue();
        else
            members[name] = value;
    }

    private static void Set(JsonArray items, string part, JsonNode? value, bool isGone)
    {
        int place = Place(items, part);
        if (isGone)
            items.RemoveAt(place);
        else if (place < 0)
            items.Add(value);
        else
            items[place] = value;
    }

    private static void Order(JsonArray items, string[] names)
    {
        JsonNode[] ordered = [.. names.Select(name => items[Place(items, $"[{name}]")]!.DeepClone())];
        ordered.Length.ShouldBe(items.Count);
        items.Clear();
        foreach (JsonNode item in ordered)
            items.Add(item);
    }

    private static JsonNode? Step(JsonNode at, string part) => at is JsonArray items ? items[Place(items, part)] : at[Name(part)];

    private static int Place(JsonArray items, string part)
    {
        string inside = part[1..^1];
        if (int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            return index;
        for (int place = 0; place < items.Count; place++)
        {
            if (FieldPath.NodeName(JsonElement.Parse(items[place]!.ToJsonString())) == inside)
                return place;
        }

        return -1;
    }

    private static string Name(string part) => part[0] == '[' ? JsonSerializer.Deserialize<string>(part[1..^1])! : part;

    /// <summary><c>a.b["c"][0][[::1]:80][]</c> in its parts: plain names, and what is in brackets with them.</summary>
    private static List<string> Parts(string path)
    {
        List<string> parts = [];
        for (int at = 0; at < path.Length;)
        {
            int end = at;
            if (path[at] == '[')
                end = path[at + 1] == '"' ? EndOfText(path, at + 2) : EndOfBracket(path, at);
            while (path[at] != '[' && end < path.Length && path[end] is not ('.' or '['))
                end++;
            parts.Add(path[at..end]);
            at = end < path.Length && path[end] == '.' ? end + 1 : end;
        }

        return parts;
    }

    private static int EndOfText(string path, int at)
    {
        while (path[at] != '"')
            at += path[at] == '\\' ? 2 : 1;
        return at + 2;
    }

    private static int EndOfBracket(string path, int at)
    {
        for (int depth = 0; ; at++)
        {
            depth += path[at] == '[' ? 1 : path[at] == ']' ? -1 : 0;
            if (depth == 0)
                return at + 1;
        }
    }
}
