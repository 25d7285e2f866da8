using Headgate.Core.Config.Expressions;
using Headgate.Core.Primitives;

namespace Headgate.Core.Routing;

/// <summary>The variables that a <c>vars</c> expression names.</summary>
public static class VariableNames
{
    /// <summary>Those that no request can have when routes are matched, each once, in the order written; empty when all can be, or for null.</summary>
    public static IReadOnlyList<string> Unsupported(VarsExpression? expression)
    {
        var names = new List<string>();
        Collect(expression, names);
        return names;
    }

    private static void Collect(VarsExpression? expression, List<string> names)
    {
        switch (expression)
        {
            case VarsComparison comparison when !RequestVariable.Parse(comparison.Variable).IsKnownAtMatch && !names.Contains(comparison.Variable):
                names.Add(comparison.Variable);
                break;
            case VarsGroup group:
                foreach (VarsExpression term in group.Terms)
                    Collect(term, names);
                break;
        }
    }
}
