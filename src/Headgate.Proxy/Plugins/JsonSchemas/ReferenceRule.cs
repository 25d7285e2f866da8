using System.Text.Json;

namespace Headgate.Proxy.Plugins.JsonSchemas;

/// <summary><c>$ref</c> to a schema within the same one.</summary>
internal sealed class ReferenceRule(SchemaNode schema) : SchemaRule
{
    /// <inheritdoc/>
    public override IEnumerable<SchemaNode> InPlace => [schema];

    /// <inheritdoc/>
    public override string? Check(JsonElement value) => schema.Check(value);
}
