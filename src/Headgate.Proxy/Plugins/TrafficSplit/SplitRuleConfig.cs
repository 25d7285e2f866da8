using Headgate.Core.Config.Expressions;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.TrafficSplit;

/// <summary>An entry of <c>rules</c>.</summary>
/// <param name="Match">Conditions of which one has to hold; empty = it takes every request.</param>
/// <param name="Targets">Where those requests go, 1 to 20.</param>
public sealed record SplitRuleConfig(EquatableArray<VarsExpression> Match, EquatableArray<SplitTarget> Targets);
