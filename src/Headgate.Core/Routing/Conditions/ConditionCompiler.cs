using Headgate.Core.Config.Expressions;
using Headgate.Core.Primitives;

namespace Headgate.Core.Routing.Conditions;

/// <summary>Turns a parsed <c>vars</c> expression into what the request path evaluates. Rules: docs/reference/matching.md.</summary>
internal static class ConditionCompiler
{
    /// <summary>Compiles an expression.</summary>
    public static Condition Compile(VarsExpression expression) => expression switch
    {
        VarsComparison comparison => comparison.Negated ? new Not(Compare(comparison)) : Compare(comparison),
        VarsGroup group => Join(group),
        _ => throw new ArgumentOutOfRangeException(nameof(expression), expression, "unknown kind of expression"),
    };

    /// <summary>The equalities with a text without which a condition cannot hold.</summary>
    public static IEnumerable<TextEquals> Demands(Condition? condition)
    {
        switch (condition)
        {
            case TextEquals equality:
                return [equality];
            case AllHold all:
                var demands = new List<TextEquals>();
                foreach (Condition term in all.Terms)
                    demands.AddRange(Demands(term));
                return demands;
            default:
                return [];
        }
    }

    private static Condition Join(VarsGroup group)
    {
        Condition[] terms = [.. group.Terms.Items.Select(Compile)];
        // An empty group holds whatever its operator: it only comes from an empty list.
        Condition joined = terms.Length == 1 ? terms[0]
            : group.Logic == VarsLogic.And || terms.Length == 0 ? new AllHold(terms)
            : new AnyHolds(terms);
        return group.Negated && terms.Length > 0 ? new Not(joined) : joined;
    }

    private static Condition Compare(VarsComparison comparison)
    {
        RequestVariable variable = RequestVariable.Parse(comparison.Variable);
        return (comparison.Operator, comparison.Operand) switch
        {
            (VarsOperator.Equal, _) => Equality(variable, comparison.Operand),
            (VarsOperator.NotEqual, _) => new Not(Equality(variable, comparison.Operand)),
            (VarsOperator.Matches, VarsPattern pattern) => new PatternFound(variable, pattern),
            (VarsOperator.In, VarsList list) => new TextIn(variable, list.Items.Items.OfType<VarsText>().Select(text => text.Value)),
            (VarsOperator.IpMatch, VarsAddresses addresses) => new AddressIn(variable, [.. addresses.Ranges.Items]),
            (_, VarsNumber number) when comparison.Operator != VarsOperator.Has => new NumberCompares(variable, comparison.Operator, number.Value),
            _ => NeverHolds.Instance,
        };
    }

    private static Condition Equality(RequestVariable variable, VarsOperand operand) => operand switch
    {
        VarsText text => new TextEquals(variable, text.Value),
        VarsNumber number => new NumberCompares(variable, VarsOperator.Equal, number.Value),
        VarsNull => new Not(new IsPresent(variable)),
        _ => NeverHolds.Instance,
    };
}
