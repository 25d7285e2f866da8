using System.Text.Json.Nodes;
using Headgate.CommandLine.Configuration.Live;

namespace Headgate.CommandLine.Configuration.Documents;

/// <summary>An object as a document has it: without times, and with its members in an order of their own, so that it differs from an older document in what was changed only.</summary>
internal static class ObjectLayout
{
    private static readonly string[] First = ["id", "username", "name", "desc", "type"];

    /// <summary>A copy.</summary>
    public static JsonObject Of(LiveObject live)
    {
        JsonObject made = [];
        if (live.Name.Kind != Core.Config.ResourceKind.Consumer)
            made["id"] = live.Name.OwnId;
        foreach ((string name, JsonNode? value) in live.Value.OrderBy(static member => Place(member.Key)).ThenBy(static member => member.Key, StringComparer.Ordinal))
        {
            if (!ObjectName.Times.Contains(name) && !made.ContainsKey(name))
                made[name] = Sorted(value);
        }

        return made;
    }

    private static int Place(string member) => Array.IndexOf(First, member) is var place and >= 0 ? place : First.Length;

    private static JsonNode? Sorted(JsonNode? value) => value switch
    {
        JsonObject map => new JsonObject(map.OrderBy(static member => member.Key, StringComparer.Ordinal).Select(static member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => value?.DeepClone(),
    };
}
