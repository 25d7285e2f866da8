namespace Headgate.Core.Config.Expressions;

/// <summary>The constant null: what an absent variable equals.</summary>
public sealed record VarsNull : VarsOperand;
