using System.Text.Json;

namespace Headgate.Proxy.Plugins.JsonSchemas;

/// <summary>A schema: all of its rules have to hold. Filled once by the compiler, immutable from then on, thread-safe.</summary>
internal sealed class SchemaNode
{
    private SchemaRule[] _rules = [];

    /// <summary>Whether nothing fits: the schema <c>false</c>.</summary>
    public bool IsNever { get; init; }

    /// <summary>Schemas that are applied to the same value.</summary>
    public IEnumerable<SchemaNode> InPlace => _rules.SelectMany(static rule => rule.InPlace);

    /// <summary>Gives it its rules, in the order in which they are checked.</summary>
    public void Complete(IEnumerable<SchemaRule> rules) => _rules = [.. rules];

    /// <summary>As <see cref="SchemaRule.Check"/>.</summary>
    public string? Check(JsonElement value)
    {
        if (IsNever)
            return "expect false always";
        foreach (SchemaRule rule in _rules)
        {
            if (rule.Check(value) is { } problem)
                return problem;
        }

        return null;
    }
}
