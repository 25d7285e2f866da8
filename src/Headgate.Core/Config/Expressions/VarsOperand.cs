namespace Headgate.Core.Config.Expressions;

/// <summary>The constant side of a <see cref="VarsComparison"/>.</summary>
public abstract record VarsOperand
{
    private protected VarsOperand()
    {
    }
}
