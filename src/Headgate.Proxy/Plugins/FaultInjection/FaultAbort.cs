using Headgate.Core.Config.Expressions;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.FaultInjection;

/// <summary>What requests are answered instead of being forwarded.</summary>
/// <param name="Status">Status, 200 to 599.</param>
/// <param name="Body">Body, a template; null = the gateway's standard one.</param>
/// <param name="Headers">Fields, templates.</param>
/// <param name="Percentage">In how many of a hundred cases; null = always.</param>
/// <param name="Vars">Requests that are meant: those for which one holds; null = all.</param>
public sealed record FaultAbort(int Status, string? Body, EquatableArray<HeaderTemplate> Headers, int? Percentage, EquatableArray<VarsExpression>? Vars);
