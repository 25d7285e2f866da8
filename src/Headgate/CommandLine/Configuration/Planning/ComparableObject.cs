using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Control.Revisions.Differences;
using Headgate.Core.Config;

namespace Headgate.CommandLine.Configuration.Planning;

/// <summary>
/// Objects of files and of a gateway compared. Left out: id and times. Secrets are hashes, so that a difference shows that one is another and not which. What a gateway does not give back is
/// no difference: a private key belongs to its certificate, which is compared; secrets of a registry connection cannot be told.
/// </summary>
internal static class ComparableObject
{
    /// <summary>Begins a secret: a character for private use, in no configuration.</summary>
    private const char Mark = '\uE000';

    private static readonly string[] PrivateKeys = ["key", "keys"];

    /// <summary>What makes <paramref name="after"/> of <paramref name="before"/>, secrets redacted; an empty object stands for one that is not there.</summary>
    public static IReadOnlyList<FieldChange> Difference(ObjectName name, JsonObject before, JsonObject after) =>
        [.. FieldDifference.Between(Element(Of(name, before)), Element(Of(name, after))).Select(static change => new FieldChange(change.Path, Shown(change.Before), Shown(change.After)))];

    /// <summary>Whether an ssl in a file has its private key.</summary>
    public static bool HasKey(JsonObject ssl) => PrivateKeys.Any(ssl.ContainsKey);

    private static JsonObject Of(ObjectName name, JsonObject value)
    {
        byte[] json = Encoding.UTF8.GetBytes(value.ToJsonString(JsonLayout.Dense));
        ReadOnlyMemory<byte> masked = SecretFields.Replace(name.Kind, name.Id, json, (_, text) => name.Kind == ResourceKind.ServiceRegistry ? Mark.ToString() : Mark + Hash(text));
        var made = (JsonObject)JsonNode.Parse(masked.Span)!;
        foreach (string left in (IEnumerable<string>)["id", .. ObjectName.Times, .. name.Kind == ResourceKind.Ssl ? PrivateKeys : []])
            made.Remove(left);
        if (made["plugins"] is JsonObject plugins)
        {
            // Of a plugin that only the gateway has it is not known what is secret: every text may be.
            foreach (string own in plugins.Select(static plugin => plugin.Key).Where(static plugin => PluginRules.Find(plugin) is null).ToArray())
                plugins[own] = Hidden(plugins[own]);
        }

        return made;
    }

    private static JsonElement Element(JsonNode? value) => JsonSerializer.SerializeToElement(value, JsonLayout.Dense);

    private static JsonElement? Shown(JsonElement? value) => value is { } there ? Element(Shown(there.Deserialize<JsonNode>(JsonLayout.Dense))) : null;

    private static JsonNode? Shown(JsonNode? value) => value switch
    {
        JsonObject map => new JsonObject(map.Select(static member => KeyValuePair.Create(member.Key, Shown(member.Value)))),
        JsonArray array => new JsonArray([.. array.Select(Shown)]),
        JsonValue text when text.GetValueKind() == JsonValueKind.String && text.ToString() is [Mark, ..] => JsonValue.Create(SecretFields.Redacted),
        _ => value?.DeepClone(),
    };

    private static JsonNode? Hidden(JsonNode? value) => value switch
    {
        JsonObject map => new JsonObject(map.Select(static member => KeyValuePair.Create(member.Key, Hidden(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Hidden)]),
        JsonValue text when text.GetValueKind() == JsonValueKind.String => JsonValue.Create(Mark + Hash(text.ToString())),
        _ => value?.DeepClone(),
    };

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
