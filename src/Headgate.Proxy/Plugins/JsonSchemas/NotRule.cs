using System.Text.Json;

namespace Headgate.Proxy.Plugins.JsonSchemas;

/// <summary><c>not</c>.</summary>
internal sealed class NotRule(SchemaNode schema) : SchemaRule
{
    /// <inheritdoc/>
    public override IEnumerable<SchemaNode> InPlace => [schema];

    /// <inheritdoc/>
    public override string? Check(JsonElement value) => schema.Check(value) is null ? "value wasn't supposed to match schema" : null;
}
