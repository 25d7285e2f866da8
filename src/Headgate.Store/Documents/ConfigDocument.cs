using System.Globalization;
using System.Text.Json;
using Headgate.Core.Config;

namespace Headgate.Store.Documents;

/// <summary>
/// A whole configuration in one document, shaped as APISIX's <c>apisix.yaml</c>: lists of objects, each under the plural of its kind. Takes it apart into what a store would
/// hold. Whether an object is any good is not looked at here: whoever serves it says so by name, and serves the others.
/// </summary>
public static class ConfigDocument
{
    /// <summary>Ends the names of APISIX's version numbers, which stand beside the lists: <c>routes_conf_version</c>.</summary>
    public const string VersionSuffix = "_conf_version";

    /// <summary>A number that APISIX's clients put into objects; no part of the object.</summary>
    public const string ModifiedIndex = "modifiedIndex";

    /// <summary>Lists of APISIX's that do nothing here.</summary>
    private static readonly string[] WithoutEffect = ["plugins", "stream_routes"];

    private static readonly ResourceKind[] Kinds = [.. ResourceKinds.Apisix.Where(kind => kind != ResourceKind.Credential), ResourceKind.ServiceRegistry];

    /// <summary>Takes a document apart.</summary>
    /// <exception cref="DocumentException">It is no object, or something other than a list stands under the name of a kind: a slip that would take away all objects of a kind.</exception>
    public static DocumentContent Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new DocumentException($"the document is {Name(root)}; a configuration is a mapping such as {{\"upstreams\": [...], \"routes\": [...]}}");
        var objects = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        List<string> problems = [];
        foreach (JsonProperty member in root.EnumerateObject())
        {
            if (TryParseKind(member.Name, out ResourceKind kind))
                ReadList(kind, member.Value, objects, problems);
            else if (WithoutEffect.Contains(member.Name) && !IsEmpty(member.Value))
                problems.Add($"{member.Name}: accepted, without effect here");
            else if (!WithoutEffect.Contains(member.Name) && !member.Name.EndsWith(VersionSuffix, StringComparison.Ordinal))
                problems.Add($"{member.Name}: no kind of object; known are {string.Join(", ", Kinds.Select(static known => known.Plural()))}");
        }

        return new DocumentContent(objects, problems);
    }

    /// <summary>The store key of an item of a list, and the text of its own id.</summary>
    /// <param name="listed">The kind that the list is for; a consumer's list holds credentials, too.</param>
    /// <param name="item">An object.</param>
    /// <param name="place">Its place in the list, from 0: an object without an id is known by it, as in APISIX.</param>
    /// <param name="kind">The item's kind.</param>
    public static string KeyOf(ResourceKind listed, JsonElement item, int place, out ResourceKind kind)
    {
        string? id = TextOf(item, "id");
        kind = listed == ResourceKind.Consumer && id?.Contains("/credentials/", StringComparison.Ordinal) == true ? ResourceKind.Credential : listed;
        string? own = kind == ResourceKind.Consumer ? TextOf(item, "username") ?? id : id;
        return kind.Key(own ?? string.Create(CultureInfo.InvariantCulture, $"arr_{place + 1}"));
    }

    /// <summary>The kind of a list, by its name.</summary>
    public static bool TryParseKind(string plural, out ResourceKind kind)
    {
        kind = Array.Find(Kinds, candidate => candidate.Plural() == plural);
        return kind.Plural() == plural;
    }

    private static void ReadList(ResourceKind listed, JsonElement items, Dictionary<string, ReadOnlyMemory<byte>> objects, List<string> problems)
    {
        if (IsEmpty(items))
            return;
        if (items.ValueKind != JsonValueKind.Array)
            throw new DocumentException($"{listed.Plural()} is {Name(items)}; it has to be a list");
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        int place = -1;
        foreach (JsonElement item in items.EnumerateArray())
        {
            place++;
            if (item.ValueKind != JsonValueKind.Object)
            {
                problems.Add($"{listed.Plural()}[{place}]: is {Name(item)}, and should be an object; it is left out");
                continue;
            }

            string key = KeyOf(listed, item, place, out ResourceKind kind);
            if (places.TryGetValue(key, out int earlier))
                problems.Add($"{listed.Plural()}[{place}]: takes the place of {listed.Plural()}[{earlier}], which has the same id");
            places[key] = place;
            objects[key] = Stored(kind, key, item);
        }
    }

    /// <summary>The object as a store would hold it: with its id as a text, and without what clients only number it by.</summary>
    private static ReadOnlyMemory<byte> Stored(ResourceKind kind, string key, JsonElement item)
    {
        string? id = kind switch
        {
            ResourceKind.Consumer => null,
            ResourceKind.Credential => key[(key.LastIndexOf('/') + 1)..],
            _ => key[kind.Key("").Length..],
        };
        return JsonOutput.Build(writer =>
        {
            writer.WriteStartObject();
            if (id is not null)
                writer.WriteString("id", id);
            foreach (JsonProperty member in item.EnumerateObject().Where(member => member.Name != ModifiedIndex && (id is null || member.Name != "id")))
                member.WriteTo(writer);
            writer.WriteEndObject();
        });
    }

    private static string? TextOf(JsonElement item, string member) => !item.TryGetProperty(member, out JsonElement value) ? null : value.ValueKind switch
    {
        JsonValueKind.String when value.GetString() is { Length: > 0 } text => text,
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };

    /// <summary>Nothing written, or Lua's empty table, which is an object as well as a list.</summary>
    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };

    private static string Name(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "a mapping",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "empty",
        _ => "true or false",
    };
}
