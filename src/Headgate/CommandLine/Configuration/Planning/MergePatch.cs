using System.Text.Json.Nodes;

namespace Headgate.CommandLine.Configuration.Planning;

/// <summary>The JSON merge patch (RFC 7396) that makes one object of another: for what cannot be put because the gateway keeps a part of it to itself.</summary>
internal static class MergePatch
{
    /// <summary>The patch. A member that is null in <paramref name="after"/> is removed by it.</summary>
    public static JsonObject Between(JsonObject before, JsonObject after)
    {
        var patch = new JsonObject();
        foreach ((string name, JsonNode? now) in after)
        {
            if (!before.TryGetPropertyValue(name, out JsonNode? old) || !JsonNode.DeepEquals(old, now))
                patch[name] = old is JsonObject oldMap && now is JsonObject { Count: > 0 } map ? Between(oldMap, map) : now?.DeepClone();
        }

        foreach ((string name, _) in before.Where(member => !after.ContainsKey(member.Key)))
            patch[name] = null;
        return patch;
    }
}
