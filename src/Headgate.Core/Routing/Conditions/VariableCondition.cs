using Headgate.Core.Primitives;

namespace Headgate.Core.Routing.Conditions;

/// <summary>A test of one variable's text that fails when the request does not have the variable.</summary>
internal abstract class VariableCondition(RequestVariable variable) : Condition
{
    /// <summary>The variable.</summary>
    public RequestVariable Variable { get; } = variable;

    /// <inheritdoc/>
    public override bool Holds(ref MatchContext context)
    {
        Span<byte> scratch = stackalloc byte[RequestVariable.ScratchBytes];
        return Variable.TryGet(context.Request, scratch, out ReadOnlySpan<byte> value) && Test(value);
    }

    /// <summary>Whether the test holds for a value.</summary>
    protected abstract bool Test(ReadOnlySpan<byte> value);
}
