namespace Headgate.Core.Config.Expressions;

/// <summary>A boolean constant. Variables of a request are text, so that it equals none of them.</summary>
/// <param name="Value">The constant.</param>
public sealed record VarsBoolean(bool Value) : VarsOperand;
