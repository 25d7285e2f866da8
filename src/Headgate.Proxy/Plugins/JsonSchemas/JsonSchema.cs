using System.Text.Json;
using Headgate.Core.Config.Reading;

namespace Headgate.Proxy.Plugins.JsonSchemas;

/// <summary>
/// A JSON schema that values are checked against: drafts 4, 6 and 7, with the words and the few liberties of APISIX's validator (api7/jsonschema). Compiled when a configuration is.
/// Immutable, thread-safe; what fits is checked without allocation, but for unique lists and names with escapes.
/// </summary>
internal sealed class JsonSchema
{
    private readonly SchemaNode _root;

    private JsonSchema(SchemaNode root) => _root = root;

    /// <summary>
    /// Compiles a schema; null when it is wrong, which is reported. <paramref name="lowersNames"/>: names of the outermost object's members are lower-cased, because those of the values
    /// will be.
    /// </summary>
    public static JsonSchema? Compile(JsonElement schema, Location at, Findings findings, bool lowersNames = false)
    {
        var compiler = new SchemaCompiler(schema, at, findings, lowersNames);
        return compiler.Compile() is { } root ? new JsonSchema(root) : null;
    }

    /// <summary>Compiles a schema that was right when it was read.</summary>
    public static JsonSchema Of(string schema, bool lowersNames = false)
    {
        using JsonDocument document = JsonDocument.Parse(schema);
        return Compile(document.RootElement.Clone(), Location.Root, new Findings(), lowersNames) ?? throw new ArgumentException("the schema is wrong");
    }

    /// <summary>What is wrong with <paramref name="value"/>; null = nothing.</summary>
    public string? Check(JsonElement value) => _root.Check(value);
}
