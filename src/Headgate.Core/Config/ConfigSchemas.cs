using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace Headgate.Core.Config;

/// <summary>
/// The JSON schemas (draft 7) that the Admin API shows to clients. They say what <see cref="ConfigParser"/> enforces; rules that
/// a schema cannot say well (certificates, the form of <c>vars</c>, a node named twice) are the parser's alone. Thread-safe.
/// </summary>
public static class ConfigSchemas
{
    private static readonly FrozenDictionary<ResourceKind, ReadOnlyMemory<byte>> Documents = Load();

    /// <summary>The schema of <paramref name="kind"/>, one of <see cref="ResourceKinds.Apisix"/>, as UTF-8 JSON, complete in itself.</summary>
    public static ReadOnlyMemory<byte> Get(ResourceKind kind) => Documents[kind];

    private static FrozenDictionary<ResourceKind, ReadOnlyMemory<byte>> Load()
    {
        var documents = new Dictionary<ResourceKind, ReadOnlyMemory<byte>>();
        foreach (ResourceKind kind in ResourceKinds.Apisix)
        {
            JsonNode schema = Read(kind);
            JsonObject properties = schema["properties"]!.AsObject();
            // An inline upstream has the schema of an upstream. Clients get it in place: APISIX's do not follow references.
            if (properties["upstream"]?["$ref"] is not null)
            {
                JsonNode upstream = Read(ResourceKind.Upstream);
                upstream.AsObject().Remove("$schema");
                properties["upstream"] = upstream;
            }

            documents[kind] = System.Text.Encoding.UTF8.GetBytes(schema.ToJsonString());
        }

        return documents.ToFrozenDictionary();
    }

    private static JsonNode Read(ResourceKind kind)
    {
        using Stream stream = typeof(ConfigSchemas).Assembly.GetManifestResourceStream($"Headgate.Core.Config.Schemas.{kind.SchemaName()}.json")!;
        JsonNode schema = JsonNode.Parse(stream)!;
        // The balancing types grow with the policies: one list of them is enough.
        if (kind == ResourceKind.Upstream)
            schema["properties"]!["type"]!["enum"] = new JsonArray([.. LoadBalancingTypes.All.Select(type => JsonValue.Create(type))]);
        return schema;
    }
}
