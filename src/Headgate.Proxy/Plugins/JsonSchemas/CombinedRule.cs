using System.Globalization;
using System.Text.Json;

namespace Headgate.Proxy.Plugins.JsonSchemas;

/// <summary><c>allOf</c>, <c>anyOf</c>, <c>oneOf</c>.</summary>
/// <param name="how">Which.</param>
/// <param name="schemas">The schemas.</param>
/// <param name="hint">Text behind the problem when none of any fits.</param>
internal sealed class CombinedRule(CombinedRule.How how, SchemaNode[] schemas, string hint = "") : SchemaRule
{
    /// <summary>How many have to fit.</summary>
    internal enum How
    {
        /// <summary>All.</summary>
        All,

        /// <summary>At least one.</summary>
        Any,

        /// <summary>Exactly one.</summary>
        One,
    }

    /// <inheritdoc/>
    public override IEnumerable<SchemaNode> InPlace => schemas;

    /// <inheritdoc/>
    public override string? Check(JsonElement value)
    {
        int fits = 0;
        for (int i = 0; i < schemas.Length; i++)
        {
            string? problem = schemas[i].Check(value);
            if (how == How.All && problem is not null)
                return string.Create(CultureInfo.InvariantCulture, $"allOf {i + 1} failed: {problem}");
            if (problem is not null)
                continue;
            if (how == How.Any)
                return null;
            if (how == How.One && fits > 0)
                return string.Create(CultureInfo.InvariantCulture, $"value should match only one schema, but matches both schemas {fits} and {i + 1}");
            fits = i + 1;
        }

        return how == How.All || fits > 0 ? null : how == How.Any ? "object matches none of the required" + hint : "value should match only one schema, but matches none";
    }
}
