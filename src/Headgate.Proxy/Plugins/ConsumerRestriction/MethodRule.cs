using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.ConsumerRestriction;

/// <summary>Which methods somebody may use.</summary>
/// <param name="User">Who: a consumer, or whatever requests are told apart by.</param>
/// <param name="Methods">The methods, at least one.</param>
public sealed record MethodRule(string User, EquatableArray<string> Methods);
