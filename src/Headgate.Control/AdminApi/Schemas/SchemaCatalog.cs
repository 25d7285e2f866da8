using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Headgate.Control.AdminApi.Json;
using Headgate.Core.Config;

namespace Headgate.Control.AdminApi.Schemas;

/// <summary>
/// JSON Schema (draft 7) of the kinds of object, for forms and editors. It describes what is accepted; what decides is the typed validation, which knows
/// more than a schema can say.
/// </summary>
internal static class SchemaCatalog
{
    private static readonly FrozenDictionary<string, ReadOnlyMemory<byte>> Schemas = Load();

    /// <summary>Names that have a schema.</summary>
    public static IEnumerable<string> Names => Schemas.Keys.Order(StringComparer.Ordinal);

    /// <summary>The schema of <c>upstream</c>, <c>route</c> or <c>service</c>; null for another name.</summary>
    public static ReadOnlyMemory<byte>? Find(string name) => Schemas.TryGetValue(name, out ReadOnlyMemory<byte> schema) ? schema : default(ReadOnlyMemory<byte>?);

    private static FrozenDictionary<string, ReadOnlyMemory<byte>> Load()
    {
        JsonObject upstream = Read("upstream");
        upstream["properties"]!["type"]!["enum"] = new JsonArray([.. LoadBalancingTypes.All.Select(type => JsonValue.Create(type))]);
        Dictionary<string, ReadOnlyMemory<byte>> schemas = new(StringComparer.Ordinal) { ["upstream"] = Text(upstream) };
        foreach (string name in (string[])["route", "service"])
        {
            // Inline, as APISIX serves it: its clients do not follow references.
            JsonObject schema = Read(name);
            schema["properties"]!["upstream"] = upstream.DeepClone();
            schemas.Add(name, Text(schema));
        }

        return schemas.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static JsonObject Read(string name)
    {
        using Stream stream = typeof(SchemaCatalog).Assembly.GetManifestResourceStream($"schema/{name}.json")
            ?? throw new InvalidOperationException($"the schema of {name} is not in the assembly");
        return JsonNode.Parse(stream)!.AsObject();
    }

    private static ReadOnlyMemory<byte> Text(JsonObject schema) => JsonText.Build(schema, static (writer, node) => node.WriteTo(writer));
}
