using System.Text.Json;
using Headgate.Control.AdminApi.Json;
using Headgate.Core.Config;
using Headgate.Core.Discovery;
using Headgate.Core.Primitives;

namespace Headgate.Control.Registries;

/// <summary>Followed services and their instances as JSON. Times are seconds of Unix time, with milliseconds.</summary>
internal static class DiscoveryJson
{
    /// <summary>What is known of a service.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, ServiceView service, DateTimeOffset now, bool instances)
    {
        ServiceKey key = service.Key;
        writer.WriteString("registry", key.Registry);
        writer.WriteString("discovery_type", key.Type);
        if (key.RegistryId is { } id)
            writer.WriteString("service_registry_id", id);
        writer.WriteString("service_name", key.Name);
        DiscoveryArgumentsJson.Write(writer, key.Arguments);
        writer.WriteNumber("followers", service.Followers);
        writer.WriteBoolean("known", service.IsKnown);
        writer.WriteBoolean("remembered", service.IsRemembered);
        writer.WriteNumber("instance_count", service.Instances.Count);
        WriteTime(writer, "answered_at", service.AnsweredAt);
        if (service.AnsweredAt is { } answered)
            writer.WriteNumber("age", Math.Round(Math.Max(0, (now - answered).TotalSeconds), 3));
        WriteTime(writer, "changed_at", service.ChangedAt);
        if (service.Failure is { } failure)
            writer.WriteString("failure", failure);
        WriteTime(writer, "failed_at", service.FailedAt);
        WriteProblems(writer, service.Problems);
        if (service.Held is { } held)
        {
            writer.WriteStartObject("held");
            writer.WriteNumber("missing", held.Missing);
            WriteTime(writer, "since", held.Since);
            WriteTime(writer, "until", held.Until);
            writer.WriteEndObject();
        }

        if (instances)
            WriteInstances(writer, "instances", service.Instances, service.HeldInstances);
    }

    /// <summary>A list of instances, members as those of a node. <paramref name="held"/>: those that the registry no longer tells of.</summary>
    public static void WriteInstances(Utf8JsonWriter writer, string name, EquatableArray<ServiceInstance> instances, EquatableArray<ServiceInstance> held = default)
    {
        HashSet<ServiceInstance> missing = [.. held];
        writer.WriteStartArray(name);
        foreach (ServiceInstance instance in instances)
        {
            writer.WriteStartObject();
            writer.WriteString("host", instance.Host);
            if (instance.Port is { } port)
                writer.WriteNumber("port", port);
            writer.WriteNumber("weight", instance.Weight);
            if (instance.Priority != 0)
                writer.WriteNumber("priority", instance.Priority);
            if (instance.Metadata.Count > 0)
            {
                writer.WriteStartObject("metadata");
                foreach (MetadataEntry entry in instance.Metadata)
                    writer.WriteString(entry.Key, entry.Value);
                writer.WriteEndObject();
            }

            if (missing.Contains(instance))
                writer.WriteBoolean("held", true);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>What was left out of an answer; nothing when nothing was.</summary>
    public static void WriteProblems(Utf8JsonWriter writer, IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
            writer.WriteTexts("problems", problems);
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } at)
            writer.WriteNumber(name, at.ToUnixTimeMilliseconds() / 1000m);
    }
}
