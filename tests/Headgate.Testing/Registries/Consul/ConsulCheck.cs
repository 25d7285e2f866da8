namespace Headgate.Testing.Registries.Consul;

/// <summary>A check in a <see cref="ConsulState"/>.</summary>
/// <param name="Node">Name of its node.</param>
/// <param name="Id">Its id; unique on its node.</param>
/// <param name="ServiceId">The instance it is of; empty = of the node.</param>
/// <param name="Status"><c>passing</c>, <c>warning</c> or <c>critical</c>.</param>
public sealed record ConsulCheck(string Node, string Id, string ServiceId, string Status);
