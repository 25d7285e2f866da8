using System.Text.Json;
using Headgate.Control.AdminApi.Json;

namespace Headgate.Control.FleetHealth;

/// <summary>A node as the instances of a gateway group see it together: the members that one instance tells of it, and who sees it how.</summary>
internal sealed class FleetNode
{
    /// <summary>From well to ill.</summary>
    private static readonly string[] Healths = ["healthy", "mostly_healthy", "mostly_unhealthy", "unhealthy"];

    private readonly List<(string Instance, JsonElement Node)> _views = [];

    /// <summary>An instance tells this of it. What is not put together (its weight) is as the first has it.</summary>
    public void Add(string instance, JsonElement node) => _views.Add((instance, node));

    /// <summary>Writes it. <paramref name="fleet"/>: all instances that were asked.</summary>
    public void WriteMembers(Utf8JsonWriter writer, FleetAnswers fleet)
    {
        Dictionary<string, JsonElement> views = ViewsByInstance();
        SeenStates states = StatesIn(fleet, views);
        foreach (JsonProperty member in _views[0].Node.EnumerateObject())
        {
            if (member.NameEquals("state"))
                writer.WriteString("state", states.State);
            else if (!TryWrite(writer, member.Name))
                member.WriteTo(writer);
        }

        writer.WriteString("seen", states.Text);
        writer.WriteStartArray("instances");
        foreach (string instance in fleet.Instances)
            WriteInstance(writer, instance, StateOf(instance, views, fleet), views);
        writer.WriteEndArray();
    }

    /// <summary>How it is, as all instances that were asked see it together.</summary>
    public string StateIn(FleetAnswers fleet) => StatesIn(fleet, ViewsByInstance()).State;

    private Dictionary<string, JsonElement> ViewsByInstance() => _views.ToDictionary(static view => view.Instance, static view => view.Node, StringComparer.Ordinal);

    private static SeenStates StatesIn(FleetAnswers fleet, Dictionary<string, JsonElement> views)
    {
        var states = new SeenStates();
        foreach (string instance in fleet.Instances)
            states.Add(instance, StateOf(instance, views, fleet));
        return states;
    }

    private static string StateOf(string instance, Dictionary<string, JsonElement> views, FleetAnswers fleet) =>
        views.TryGetValue(instance, out JsonElement node) ? node.GetProperty("state").GetString()! : fleet.IsUnknown(instance) ? SeenStates.Unknown : SeenStates.NotServed;

    private static void WriteInstance(Utf8JsonWriter writer, string instance, string state, Dictionary<string, JsonElement> views)
    {
        writer.WriteStartObject();
        writer.WriteString("id", instance);
        writer.WriteString("state", state);
        if (views.TryGetValue(instance, out JsonElement node))
        {
            foreach (string member in (string[])["exclusions", "in_flight", "latency_ms", "last_change"])
            {
                writer.WritePropertyName(member);
                node.GetProperty(member).WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes a member that is put together; false when it is none.</summary>
    private bool TryWrite(Utf8JsonWriter writer, string member)
    {
        switch (member)
        {
            case "exclusions" or "endpoints":
                WriteUnion(writer, member);
                return true;
            case "forced_up":
                writer.WriteBoolean(member, Of(member).Any(static forced => forced.GetBoolean()));
                return true;
            case "health": // as the one that sees it worst
                writer.WritePropertyName(member);
                Of(member).MaxBy(static health => Array.IndexOf(Healths, health.GetProperty("status").GetString())).WriteTo(writer);
                return true;
            case "in_flight":
                writer.WriteNumber(member, Of(member).Sum(static count => count.GetInt64()));
                return true;
            case "latency_ms":
                double[] measured = [.. Of(member).Where(static latency => latency.ValueKind == JsonValueKind.Number).Select(static latency => latency.GetDouble())];
                if (measured.Length == 0)
                    writer.WriteNull(member);
                else
                    writer.WriteNumber(member, Math.Round(measured.Average(), 3));
                return true;
            case "last_change":
                writer.WritePropertyName(member);
                Of(member).MaxBy(static change => change.ValueKind == JsonValueKind.Object ? change.GetProperty("at").GetDateTimeOffset() : DateTimeOffset.MinValue).WriteTo(writer);
                return true;
            default:
                return false;
        }
    }

    private void WriteUnion(Utf8JsonWriter writer, string member) =>
        writer.WriteTexts(member, Of(member).SelectMany(static list => list.EnumerateArray()).Select(static one => one.GetString()!).Distinct(StringComparer.Ordinal));

    private IEnumerable<JsonElement> Of(string member) => _views.Select(view => view.Node.GetProperty(member));
}
