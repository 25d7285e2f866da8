using System.Text.Json;

namespace Headgate.Proxy.Plugins.JsonSchemas;

/// <summary>What one keyword, or several that belong together, demand of a value. Immutable, thread-safe.</summary>
internal abstract class SchemaRule
{
    /// <summary>Schemas that it applies to the same value: they must not lead back to it.</summary>
    public virtual IEnumerable<SchemaNode> InPlace => [];

    /// <summary>What is wrong with <paramref name="value"/>, in the words of APISIX's validator (api7/jsonschema); null = nothing.</summary>
    public abstract string? Check(JsonElement value);
}
