using Headgate.Core.Upstreams;

namespace Headgate.Core.Health;

/// <summary>One thing that a detector did; its node says so already.</summary>
/// <param name="Node">With whom.</param>
/// <param name="Kind">What.</param>
/// <param name="Why">Which detection.</param>
/// <param name="Reason">For people: the figures, or why the ejection ended.</param>
public sealed record EjectionChange(NodeState Node, EjectionChangeKind Kind, EjectionReason Why, string Reason);
