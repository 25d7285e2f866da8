namespace Headgate.Control.FleetHealth;

/// <summary>How a gateway instance is.</summary>
/// <param name="Group">Id of its gateway group.</param>
/// <param name="Id">Its id.</param>
/// <param name="Status">One of <see cref="InstanceStatuses.Names"/>.</param>
/// <param name="IsExpected">Whether it should be there: it is not offline.</param>
/// <param name="Behind">For how long it has run less than its group has; zero = it does not.</param>
/// <param name="Silent">Since it was last heard.</param>
public sealed record InstanceStatus(string Group, string Id, string Status, bool IsExpected, TimeSpan Behind, TimeSpan Silent);
