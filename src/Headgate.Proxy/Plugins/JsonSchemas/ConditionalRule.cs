using System.Text.Json;

namespace Headgate.Proxy.Plugins.JsonSchemas;

/// <summary><c>if</c>, <c>then</c>, <c>else</c>; null = not there.</summary>
internal sealed class ConditionalRule(SchemaNode condition, SchemaNode? then, SchemaNode? otherwise) : SchemaRule
{
    /// <inheritdoc/>
    public override IEnumerable<SchemaNode> InPlace => new[] { condition, then, otherwise }.OfType<SchemaNode>();

    /// <inheritdoc/>
    public override string? Check(JsonElement value) => condition.Check(value) is null
        ? then?.Check(value) is null ? null : "then clause did not match"
        : otherwise?.Check(value) is null ? null : "else clause did not match";
}
