namespace Headgate.Core.Config.Expressions;

/// <summary>One variable compared with a constant: <c>["arg_name", "==", "x"]</c>.</summary>
/// <param name="Variable">Name of the variable as written, never empty: <c>arg_name</c>, <c>http_x_user</c>, <c>remote_addr</c>, ...</param>
/// <param name="Operator">The comparison.</param>
/// <param name="Negated">True when a <c>!</c> stands before the operator: the result is inverted.</param>
/// <param name="Operand">The constant; its type fits the operator as <see cref="VarsOperator"/> says.</param>
public sealed record VarsComparison(string Variable, VarsOperator Operator, bool Negated, VarsOperand Operand) : VarsExpression;
