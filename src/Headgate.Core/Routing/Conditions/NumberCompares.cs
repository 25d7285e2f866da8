using Headgate.Core.Config.Expressions;
using Headgate.Core.Primitives;

namespace Headgate.Core.Routing.Conditions;

/// <summary>The variable, read as Lua reads a number, compares so with this number; false when it is no number.</summary>
internal sealed class NumberCompares(RequestVariable variable, VarsOperator comparison, double number) : VariableCondition(variable)
{
    /// <inheritdoc/>
    protected override bool Test(ReadOnlySpan<byte> value)
    {
        if (!LuaNumber.TryParse(value, out double actual))
            return false;
        return comparison switch
        {
            VarsOperator.Greater => actual > number,
            VarsOperator.GreaterOrEqual => actual >= number,
            VarsOperator.Less => actual < number,
            VarsOperator.LessOrEqual => actual <= number,
            _ => actual == number,
        };
    }
}
