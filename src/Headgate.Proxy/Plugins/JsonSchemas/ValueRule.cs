using System.Text.Json;

namespace Headgate.Proxy.Plugins.JsonSchemas;

/// <summary><c>enum</c> and <c>const</c>: the value is one of these.</summary>
internal sealed class ValueRule(JsonElement[] allowed, string problem) : SchemaRule
{
    /// <inheritdoc/>
    public override string? Check(JsonElement value)
    {
        foreach (JsonElement one in allowed)
        {
            if (JsonElement.DeepEquals(one, value))
                return null;
        }

        return problem;
    }
}
