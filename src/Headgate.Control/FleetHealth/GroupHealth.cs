using Headgate.Control.Instances;
using Headgate.Control.Line;

namespace Headgate.Control.FleetHealth;

/// <summary>The nodes of a gateway group that some instance does not see up, as the reports of those that are heard say. Nobody is asked.</summary>
/// <param name="Instances">Whose reports.</param>
/// <param name="Nodes">By owner and name.</param>
internal sealed record GroupHealth(HeardInstances Instances, IReadOnlyList<SightedNode> Nodes)
{
    /// <summary>As it is now. <paramref name="counts"/>: which owners' nodes.</summary>
    public static GroupHealth Of(HeardInstances instances, Func<string, bool> counts)
    {
        var nodes = new Dictionary<(string Owner, string Node), SightedNode>();
        foreach (Instance instance in instances.Heard)
        {
            foreach (NodeSighting sighting in instance.Sightings)
            {
                if (sighting.State == "up" || !counts(sighting.Owner))
                    continue; // forced up, or not for this caller
                (string, string) key = (sighting.Owner, sighting.Node);
                if (!nodes.TryGetValue(key, out SightedNode? node))
                    nodes[key] = node = new SightedNode(sighting.Owner, sighting.Node);
                node.Add(instance.Identity.Id, sighting);
            }
        }

        foreach (SightedNode node in nodes.Values)
            node.States.AddUp(instances.Heard.Count - node.Count); // a report names nodes that are not up only
        return new GroupHealth(instances, [.. nodes.Values.OrderBy(static node => node.Owner, StringComparer.Ordinal).ThenBy(static node => node.Node, StringComparer.Ordinal)]);
    }
}
