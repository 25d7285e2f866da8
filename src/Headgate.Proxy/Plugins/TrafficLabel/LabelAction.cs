using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.TrafficLabel;

/// <summary>An entry of <c>actions</c>.</summary>
/// <param name="SetHeaders">Fields that nodes get in place of those that are there; empty = the request stays as it is.</param>
/// <param name="Weight">Its part of the rule's requests, from 1.</param>
public sealed record LabelAction(EquatableArray<HeaderTemplate> SetHeaders, int Weight);
