namespace Headgate.Proxy.Registries.Consul;

/// <summary>A server's answer, with what Consul says about answers in their heads.</summary>
/// <param name="Reply">The answer; of 200, or of 404 where the question allows that.</param>
/// <param name="Index"><c>X-Consul-Index</c>; 0 = there is none that can be waited with.</param>
/// <param name="HidesSome">Whether something was left out that the token may not read.</param>
internal sealed record ConsulReply(RegistryReply Reply, ulong Index, bool HidesSome);
