using Headgate.Core.Config.Expressions;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.TrafficLabel;

/// <summary>An entry of <c>rules</c>.</summary>
/// <param name="Match">Which requests it takes; null = every one.</param>
/// <param name="Actions">What is done with them in turn, at least one.</param>
public sealed record LabelRule(VarsExpression? Match, EquatableArray<LabelAction> Actions);
