using Headgate.Core.Config;
using Headgate.Core.Discovery;
using Headgate.Core.Primitives;

namespace Headgate.Core.Snapshot;

/// <summary>Makes nodes of the instances of a service.</summary>
internal static class DiscoveredNodes
{
    /// <summary>
    /// The nodes of an upstream that follows a service: those that it names itself, and the service's; of two with the same address the one that it names itself. While nothing is known of the
    /// service, <paramref name="before"/> stay, so that an upstream may change from fixed nodes to a service, or from one service to another, without a moment in which it has none.
    /// </summary>
    public static EquatableArray<NodeConfig> Of(UpstreamConfig config, EquatableArray<ServiceInstance>? instances, EquatableArray<NodeConfig> before)
    {
        IEnumerable<NodeConfig> found = instances is { } known ? known.Select(instance => Node(instance, config.Scheme)).OfType<NodeConfig>() : before;
        HashSet<(string, int)> seen = [];
        return [.. config.Nodes.Concat(found).Where(node => seen.Add((node.Host, node.Port)))];
    }

    /// <summary>Null when it has no port and the scheme has no standard one.</summary>
    private static NodeConfig? Node(ServiceInstance instance, UpstreamScheme scheme) =>
        (instance.Port ?? scheme.StandardPort()) is { } port ? new NodeConfig(instance.Host, port, instance.Weight, instance.Priority) { Metadata = instance.Metadata } : null;
}
