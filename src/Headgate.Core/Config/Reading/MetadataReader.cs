using System.Buffers;
using System.Text.Json;

namespace Headgate.Core.Config.Reading;

/// <summary>What every object carries about itself: id, name, description, labels, times.</summary>
internal static class MetadataReader
{
    // What the pattern language of APISIX counts as white space: ASCII's only.
    private static readonly SearchValues<char> WhiteSpace = SearchValues.Create(" \t\n\v\f\r");

    /// <summary>Checks all of it and returns the name; null when there is none.</summary>
    public static string? ReadName(ObjectReader reader)
    {
        // The id of an object is that of its key; the member is a copy of it.
        reader.Id("id");
        string? name = reader.Text("name", 1, 256);
        CheckAbout(reader);
        return name;
    }

    /// <summary>Checks description, labels and times: all but id and name.</summary>
    public static void CheckAbout(ObjectReader reader)
    {
        reader.Text("desc", 0, 256);
        if (reader.TryGet("labels", out JsonElement labels))
            CheckLabels(labels, reader.At.Property("labels"), reader.Findings);
        CheckTimes(reader);
    }

    /// <summary>Value of a label; null when there is none. What is wrong about it is found by <see cref="CheckAbout"/>.</summary>
    public static string? Label(ObjectReader reader, string name) =>
        reader.TryGet("labels", out JsonElement labels) && labels.ValueKind == JsonValueKind.Object && labels.TryGetProperty(name, out JsonElement label)
            && label.ValueKind == JsonValueKind.String
            ? label.GetString()
            : null;

    /// <summary>Checks the two times.</summary>
    public static void CheckTimes(ObjectReader reader)
    {
        Timestamp(reader, "create_time");
        Timestamp(reader, "update_time");
    }

    private static void CheckLabels(JsonElement labels, Location at, Findings findings)
    {
        if (ObjectReader.Open(labels, at, findings) is null || labels.ValueKind != JsonValueKind.Object)
            return;

        foreach (JsonProperty label in labels.EnumerateObject())
        {
            Location place = at.Key(label.Name);
            if (JsonValues.Text(label.Value, place, findings, 1, 256) is { } text && text.AsSpan().ContainsAny(WhiteSpace))
                JsonValues.MatchesNot(@"^\S+$", text, place, findings);
        }
    }

    private static void Timestamp(ObjectReader reader, string name)
    {
        if (reader.TryGet(name, out JsonElement value) && !(value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _)))
            JsonValues.WrongType("integer", value, reader.At.Property(name), reader.Findings);
    }
}
