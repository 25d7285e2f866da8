using Headgate.Core.Primitives;

namespace Headgate.Core.Routing.Conditions;

/// <summary>The request has the variable, be it empty.</summary>
internal sealed class IsPresent(RequestVariable variable) : VariableCondition(variable)
{
    /// <inheritdoc/>
    protected override bool Test(ReadOnlySpan<byte> value) => true;
}
