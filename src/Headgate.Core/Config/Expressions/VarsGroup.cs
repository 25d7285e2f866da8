using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Expressions;

/// <summary>Conditions joined by one logical operator.</summary>
/// <param name="Logic">How the terms are joined.</param>
/// <param name="Negated">True for <c>!AND</c> and <c>!OR</c>: the result of the whole group is inverted.</param>
/// <param name="Terms">The joined conditions; an empty group only comes from an empty <c>vars</c> and holds.</param>
public sealed record VarsGroup(VarsLogic Logic, bool Negated, EquatableArray<VarsExpression> Terms) : VarsExpression;
