using Headgate.Core.Config.Expressions;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.FaultInjection;

/// <summary>How requests are held up.</summary>
/// <param name="Duration">How long.</param>
/// <param name="Percentage">In how many of a hundred cases; null = always.</param>
/// <param name="Vars">Requests that are meant: those for which one holds; null = all.</param>
public sealed record FaultDelay(TimeSpan Duration, int? Percentage, EquatableArray<VarsExpression>? Vars);
