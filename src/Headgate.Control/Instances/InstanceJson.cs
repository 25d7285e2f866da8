using System.Text.Json;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.Line;
using Headgate.Core.Snapshot;

namespace Headgate.Control.Instances;

/// <summary>Instances as JSON. Names are API7's where it has the same thing; times are whole seconds of Unix time.</summary>
internal static class InstanceJson
{
    /// <summary>As a state is shown.</summary>
    public static string Name(InstanceState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());

    /// <summary>All that is known of an instance; <paramref name="group"/>: what it should run.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, Instance instance, GroupRevisions group)
    {
        InstanceIdentity identity = instance.Identity;
        (InstanceState state, string? reason) = instance.StateNow(group);
        writer.WriteString("id", identity.Id);
        writer.WriteString("gateway_group_id", identity.Group);
        writer.WriteString("hostname", identity.Hostname);
        writer.WriteString("version", identity.Version);
        writer.WriteTexts("addresses", identity.Addresses);
        writer.WriteNumber("cores", identity.Cores);
        writer.WriteNumber("start_time", identity.StartTime.ToUnixTimeSeconds());
        writer.WriteString("status", Name(state));
        if (reason is not null)
            writer.WriteString("status_reason", reason);
        writer.WriteBoolean("connected", instance.Line is not null);
        writer.WriteNumber("last_heartbeat_time", instance.Heard.ToUnixTimeSeconds());
        if (state is InstanceState.LostConnection or InstanceState.Offline)
            writer.WriteNumber("to_be_deleted_at", (instance.Heard + InstanceTimes.ForgottenAfter).ToUnixTimeSeconds());
        WriteRunning(writer, instance.Running);
        if (instance.BehindFor(group) is { } behind)
            writer.WriteNumber("behind_for", Math.Round(behind.TotalSeconds, 1));
        writer.WriteNumber("nodes_not_up", instance.Sightings.Count(static node => node.State != "up"));
        if (instance.Traffic is { } traffic)
            writer.WriteNumber("requests_per_second", Math.Round(traffic.Routes.Values.Sum(), 2));
    }

    /// <summary>How far the instances of a group have come.</summary>
    public static void WriteConverged(Utf8JsonWriter writer, Converged converged)
    {
        writer.WriteNumber("revision", converged.Revision);
        writer.WriteBoolean("complete", converged.IsComplete);
        writer.WriteNumber("running", converged.Count);
        writer.WriteNumber("total", converged.Instances.Count);
        writer.WriteString("text", converged.Text);
        writer.WriteStartArray("instances");
        foreach (InstanceProgress instance in converged.Instances)
        {
            writer.WriteStartObject();
            writer.WriteString("id", instance.Id);
            writer.WriteString("status", Name(instance.State));
            writer.WriteNumber("revision", instance.Revision);
            writer.WriteBoolean("runs_it", instance.Runs);
            if (instance.Behind is { } behind)
                writer.WriteNumber("behind_for", Math.Round(behind.TotalSeconds, 1));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteRunning(Utf8JsonWriter writer, RunningConfiguration running)
    {
        writer.WriteNumber("revision", running.Revision);
        writer.WriteString("digest", running.Digest);
        if (running.Since is { } served)
            writer.WriteNumber("revision_time", served.ToUnixTimeSeconds());
        if (running.FailingSince is { } since)
        {
            writer.WriteNumber("store_lost_time", since.ToUnixTimeSeconds());
            writer.WriteString("store_lost_reason", running.Failure);
        }

        writer.WriteNumber("rejected_total", running.RejectedCount);
        writer.WriteTexts("rejected", running.Rejected);
    }
}
