using System.Text.Json;
using Headgate.Control.AdminApi.Json;
using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.Overrides;

/// <summary>Overrides as JSON: as they are stored, and as they are shown with what has become of them.</summary>
internal static class OverrideJson
{
    /// <summary>What is stored.</summary>
    public static ReadOnlyMemory<byte> Stored(OverrideConfig config) => JsonText.Build(config, static (writer, stored) =>
    {
        writer.WriteStartObject();
        WriteWord(writer, stored);
        writer.WriteEndObject();
    });

    /// <summary>Reads what is stored; null when it is no override, because another program has written it.</summary>
    public static OverrideConfig? Read(StoreEntry entry)
    {
        string id = entry.Key[ResourceKind.Override.Key("").Length..];
        try
        {
            using JsonDocument document = JsonDocument.Parse(entry.Value);
            return ConfigParser.ParseOverride(id, document.RootElement, new ConfigErrors());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the members that are shown. <paramref name="acting"/>: what has become of it; null = it acts nowhere, or not yet.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, OverrideConfig config, ActingOverride? acting, DateTimeOffset now)
    {
        writer.WriteString("upstream", config.Target.Owner);
        writer.WriteString("host", config.Target.Host);
        writer.WriteNumber("port", config.Target.Port);
        WriteWord(writer, config);
        writer.WriteBoolean("served", acting is { Served: true });
        if (acting is { Served: true })
            writer.WriteNumber("in_flight", acting.InFlight);
        if (config.Kind == OverrideKind.Drain)
            WriteDrain(writer, config, acting, now);
    }

    private static void WriteDrain(Utf8JsonWriter writer, OverrideConfig config, ActingOverride? acting, DateTimeOffset now)
    {
        writer.WriteBoolean("drained", acting?.DrainedAt is not null);
        if (acting?.DrainedAt is { } drainedAt)
            writer.WriteNumber("drained_at", Seconds(drainedAt));
        else if (config.DeadlineAt is { } end)
            writer.WriteNumber("deadline_left", Math.Round(Math.Max(0, (end - now).TotalSeconds), 3));
        if (acting?.CutOff > 0)
            writer.WriteNumber("cut_off", acting.CutOff);
    }

    private static void WriteWord(Utf8JsonWriter writer, OverrideConfig config)
    {
        writer.WriteString("kind", config.Kind.Name());
        if (config.Deadline is { } deadline)
            writer.WriteNumber("deadline", deadline.TotalSeconds);
        if (config.Note is { } note)
            writer.WriteString("note", note);
        writer.WriteString("who", config.Who);
        writer.WriteNumber("since", Seconds(config.Since));
    }

    private static decimal Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000m;
}
