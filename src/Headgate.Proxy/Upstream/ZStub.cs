#pragma warning disable
namespace Headgate.Proxy.Upstream;
public class EndpointResolver : Headgate.Core.Upstreams.INodeObserver { public void Added(Headgate.Core.Upstreams.NodeState n){} public void Removed(Headgate.Core.Upstreams.NodeState n){} public void Forgotten(Headgate.Core.Upstreams.NodeState n){}  public ValueTask<bool> ResolveNowAsync(Headgate.Core.Upstreams.NodeState n, TimeSpan t) => default; }
