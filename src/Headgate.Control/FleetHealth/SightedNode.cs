using System.Text.Json;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.Line;

namespace Headgate.Control.FleetHealth;

/// <summary>A node that some instance does not see up, as their reports say.</summary>
/// <param name="Owner">Key of the object that holds the upstream.</param>
/// <param name="Node"><c>host:port</c>.</param>
internal sealed record SightedNode(string Owner, string Node)
{
    private readonly List<(string Instance, NodeSighting Sighting)> _sightings = [];

    /// <summary>Who sees it how.</summary>
    public SeenStates States { get; } = new();

    /// <summary>How many do not see it up.</summary>
    public int Count => _sightings.Count;

    /// <summary>An instance does not see it up.</summary>
    public void Add(string instance, NodeSighting sighting)
    {
        _sightings.Add((instance, sighting));
        States.Add(instance, sighting.State);
    }

    /// <summary>Writes it, with the traffic that it gets.</summary>
    public void WriteMembers(Utf8JsonWriter writer, Rate traffic)
    {
        writer.WriteString("owner", Owner);
        writer.WriteString("node", Node);
        writer.WriteString("state", States.State);
        writer.WriteString("seen", States.Text);
        writer.WriteStartArray("instances");
        foreach ((string instance, NodeSighting sighting) in _sightings)
            WriteSighting(writer, instance, sighting);
        writer.WriteEndArray();
        traffic.Write(writer);
    }

    private static void WriteSighting(Utf8JsonWriter writer, string instance, NodeSighting sighting)
    {
        writer.WriteStartObject();
        writer.WriteString("id", instance);
        writer.WriteString("state", sighting.State);
        writer.WriteTexts("exclusions", sighting.Exclusions);
        if (sighting.Since is { } since)
            writer.WriteString("since", since.UtcDateTime);
        if (sighting.Source is not null)
            writer.WriteString("source", sighting.Source);
        if (sighting.Reason is not null)
            writer.WriteString("reason", sighting.Reason);
        writer.WriteEndObject();
    }
}
