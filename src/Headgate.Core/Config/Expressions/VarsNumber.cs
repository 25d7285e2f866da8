namespace Headgate.Core.Config.Expressions;

/// <summary>A number constant. Beside an ordering operator also a text that reads as a number.</summary>
/// <param name="Value">A finite number.</param>
public sealed record VarsNumber(double Value) : VarsOperand;
