#pragma warning disable
namespace Headgate.Proxy.Upstream;
public class EndpointResolver { public ValueTask<bool> ResolveNowAsync(Headgate.Core.Upstreams.NodeState n, TimeSpan t) => default; }
