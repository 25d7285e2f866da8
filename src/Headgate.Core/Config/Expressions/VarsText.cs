namespace Headgate.Core.Config.Expressions;

/// <summary>A text constant.</summary>
/// <param name="Value">The text as written; may be empty.</param>
public sealed record VarsText(string Value) : VarsOperand;
