using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Expressions;

/// <summary>The list of <see cref="VarsOperator.In"/>.</summary>
/// <param name="Items">Text, number or boolean constants; may be empty, then nothing is in it.</param>
public sealed record VarsList(EquatableArray<VarsOperand> Items) : VarsOperand;
