using System.Text.Json;
using Headgate.Core.Config.Reading;

namespace Headgate.Proxy.Plugins.JsonSchemas;

/// <summary><c>type</c>. An empty list is an empty object too and the other way round, as in APISIX: Lua, and PHP's clients, cannot tell them apart.</summary>
internal sealed class TypeRule(SchemaTypes types, string expected) : SchemaRule
{
    /// <inheritdoc/>
    public override string? Check(JsonElement value) => (types & TypesOf(value)) != 0 ? null : $"wrong type: expected {expected}, got {LuaText.TypeName(value)}";

    private static SchemaTypes TypesOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.GetPropertyCount() == 0 ? SchemaTypes.Object | SchemaTypes.Array : SchemaTypes.Object,
        JsonValueKind.Array => value.GetArrayLength() == 0 ? SchemaTypes.Object | SchemaTypes.Array : SchemaTypes.Array,
        JsonValueKind.String => SchemaTypes.String,
        JsonValueKind.Number => value.GetDouble() is var number && Math.Floor(number) == number ? SchemaTypes.Number | SchemaTypes.Integer : SchemaTypes.Number,
        JsonValueKind.True or JsonValueKind.False => SchemaTypes.Boolean,
        _ => SchemaTypes.Null,
    };
}
