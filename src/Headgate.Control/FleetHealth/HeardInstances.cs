using System.Text.Json;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.Instances;

namespace Headgate.Control.FleetHealth;

/// <summary>The instances of a gateway group whose reports count, and those that are there and have not been heard of late; what is offline is in neither.</summary>
/// <param name="Heard">Those that report and run a configuration.</param>
/// <param name="Unknown">Ids of the others.</param>
internal sealed record HeardInstances(IReadOnlyList<Instance> Heard, IReadOnlyList<string> Unknown)
{
    /// <summary>As it is now.</summary>
    public static HeardInstances Of(IReadOnlyList<Instance> instances)
    {
        List<Instance> heard = [];
        List<string> unknown = [];
        foreach (Instance instance in instances)
        {
            if (instance.IsHeard && instance.Running.Revision >= 0)
                heard.Add(instance);
            else if (!instance.IsOffline)
                unknown.Add(instance.Identity.Id);
        }

        return new HeardInstances(heard, unknown);
    }

    /// <summary>As it is for a question to which only some can tell something: the others are unknown.</summary>
    public HeardInstances Where(Func<Instance, bool> tells) => new([.. Heard.Where(tells)], [.. Unknown, .. Heard.Where(one => !tells(one)).Select(static one => one.Identity.Id)]);

    /// <summary>As a member of an answer: how many were heard, and who was not.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("instances");
        writer.WriteNumber("heard", Heard.Count);
        writer.WriteTexts("unknown", Unknown);
        writer.WriteEndObject();
    }
}
