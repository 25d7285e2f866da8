using System.Text.Json;

namespace Headgate.Core.Config.Expressions;

/// <summary>
/// A condition over a request's variables, parsed and checked: what a route's <c>vars</c> says. Either a <see cref="VarsComparison"/> or a
/// <see cref="VarsGroup"/> of conditions. Immutable; equal trees mean equal behaviour. Source: lua-resty-expr, APISIX's expression language.
/// </summary>
public abstract record VarsExpression
{
    private protected VarsExpression()
    {
    }

    /// <summary>
    /// Parses <paramref name="value"/>: a list of conditions that must all hold, or a list that begins with a logical operator.
    /// An empty list gives an empty AND group, which always holds. Never throws.
    /// </summary>
    /// <param name="value">The value of <c>vars</c>.</param>
    /// <param name="error">Null when the result is not; else what is wrong, in lua-resty-expr's words where it has words for it.</param>
    /// <returns>The condition, or null when <paramref name="error"/> says why there is none.</returns>
    public static VarsExpression? Parse(JsonElement value, out string? error) => VarsExpressionParser.Parse(value, out error);
}
