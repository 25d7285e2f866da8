using System.Text.Json;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads overrides, as they are stored and as they are asked for.</summary>
internal static class OverrideReader
{
    /// <summary>Longest note, characters.</summary>
    private const int NoteMax = 256;

    public static OverrideConfig? Read(string id, JsonElement value, Findings findings)
    {
        if (ObjectReader.Open(value, Location.Root, findings) is not { } reader)
            return null;
        if (!OverrideTarget.TryParse(id, out OverrideTarget target))
            findings.Add(Phase.Own, reader.At, $"\"{LuaText.Clip(id)}\" names no node; allowed: upstreams/ID/HOST:PORT, the same with routes or services");
        (OverrideKind kind, TimeSpan? deadline, string? note) = ReadWord(reader);
        string? who = reader.Text("who");
        DateTimeOffset? since = ReadTime(reader, "since");
        reader.Require("who");
        reader.Require("since");
        reader.ForbidOthers();
        return new OverrideConfig { Target = target, Kind = kind, Deadline = deadline, Note = note, Who = who ?? "", Since = since ?? default };
    }

    public static OverrideRequest? ReadRequest(JsonElement value, Findings findings)
    {
        if (ObjectReader.Open(value, Location.Root, findings) is not { } reader)
            return null;
        (OverrideKind kind, TimeSpan? deadline, string? note) = ReadWord(reader);
        int? remaining = reader.Integer("min_remaining", 0);
        bool? force = reader.Flag("force");
        reader.ForbidOthers();
        if (!kind.Withdraws())
        {
            RefuseIf(reader, remaining is not null, "min_remaining", "has an effect with kind drain and force_down only");
            RefuseIf(reader, force == true, "force", "has an effect with kind drain and force_down only");
        }

        RefuseIf(reader, force == true && remaining > 0, "min_remaining", "has no effect beside force");
        return new OverrideRequest(kind, deadline, note, force == true ? 0 : remaining ?? OverrideRequest.RemainingMinDefault);
    }

    private static (OverrideKind Kind, TimeSpan? Deadline, string? Note) ReadWord(ObjectReader reader)
    {
        OverrideKind? kind = OverrideKinds.Find(reader.Choice("kind", OverrideKinds.Names));
        reader.Require("kind");
        TimeSpan? deadline = reader.Duration("deadline", aboveZero: false) is { Ticks: > 0 } time ? time : null;
        RefuseIf(reader, deadline is not null && kind is not (null or OverrideKind.Drain), "deadline", "has an effect with kind drain only");
        return (kind ?? default, deadline, reader.Text("note", max: NoteMax));
    }

    private static DateTimeOffset? ReadTime(ObjectReader reader, string name)
    {
        double? seconds = reader.Number(name);
        bool fits = seconds is >= 0 and < 253_402_300_800; // the year 10000
        RefuseIf(reader, seconds is not null && !fits, name, "is no time in Unix seconds");
        return fits ? DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(seconds!.Value * 1000)) : null;
    }

    private static void RefuseIf(ObjectReader reader, bool wrong, string name, string problem)
    {
        if (wrong)
            reader.Findings.Add(Phase.Own, reader.At.Property(name), $"{name} {problem}");
    }
}
