using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;

namespace Headgate.Control.Overrides;

/// <summary>What has become of an override, on one instance or on all of them together.</summary>
/// <param name="Served">Whether an instance serves the node.</param>
/// <param name="InFlight">Tries under way at the node.</param>
/// <param name="DrainedAt">Since when nothing is under way any more; null = something is, or it is no drain.</param>
/// <param name="CutOff">Connections that were cut off at the deadline.</param>
internal sealed record ActingOverride(bool Served, long InFlight, DateTimeOffset? DrainedAt, int CutOff)
{
    /// <summary>On this instance.</summary>
    public static ActingOverride Of(NodeOverride acting) => new(acting.Node is not null, acting.Node?.InFlight ?? 0, acting.DrainedAt, acting.CutOff);

    /// <summary>On two instances, or groups of them: drained when both are, those that do not serve the node aside.</summary>
    public ActingOverride With(ActingOverride other)
    {
        if (!Served || !other.Served)
            return Served ? this : other;
        DateTimeOffset? drained = DrainedAt is null || other.DrainedAt is null ? null : DrainedAt > other.DrainedAt ? DrainedAt : other.DrainedAt;
        return new ActingOverride(true, InFlight + other.InFlight, drained, CutOff + other.CutOff);
    }

    /// <summary>As an instance tells it, with the word that it is about: one that was replaced in this moment tells nothing about its successor.</summary>
    public void Write(Utf8JsonWriter writer, OverrideConfig config)
    {
        writer.WriteStartObject();
        writer.WriteString("id", config.Target.Id);
        writer.WriteString("kind", config.Kind.Name());
        writer.WriteString("since", config.Since);
        writer.WriteBoolean("served", Served);
        writer.WriteNumber("in_flight", InFlight);
        if (DrainedAt is { } drained)
            writer.WriteString("drained_at", drained);
        writer.WriteNumber("cut_off", CutOff);
        writer.WriteEndObject();
    }

    /// <summary>What an instance told, if it is about <paramref name="config"/>; null else.</summary>
    public static ActingOverride? Read(JsonElement told, OverrideConfig config)
    {
        if (told.GetProperty("id").GetString() != config.Target.Id || told.GetProperty("kind").GetString() != config.Kind.Name() || told.GetProperty("since").GetDateTimeOffset() != config.Since)
            return null;
        DateTimeOffset? drained = told.TryGetProperty("drained_at", out JsonElement at) ? at.GetDateTimeOffset() : null;
        return new ActingOverride(told.GetProperty("served").GetBoolean(), told.GetProperty("in_flight").GetInt64(), drained, told.GetProperty("cut_off").GetInt32());
    }
}
