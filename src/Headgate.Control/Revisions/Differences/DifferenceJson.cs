using System.Text;
using System.Text.Json;
using Headgate.Control.AdminApi.Json;

namespace Headgate.Control.Revisions.Differences;

/// <summary>A difference as it is shown: an array of <c>{"path","before","after"}</c>, or a line for people.</summary>
internal static class DifferenceJson
{
    /// <summary>Writes the array.</summary>
    public static void WriteArray(Utf8JsonWriter writer, string name, IReadOnlyList<FieldChange> changes)
    {
        writer.WriteStartArray(name);
        foreach (FieldChange change in changes)
        {
            writer.WriteStartObject();
            writer.WriteString("path", change.Path);
            WriteSide(writer, "before", change.Before);
            WriteSide(writer, "after", change.After);
            if ((change.Before ?? change.After) is { } value && MaskedJson.IsSecret(value))
                writer.WriteBoolean("secret", true);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary><c>nodes[10.0.0.1:80].weight 1 → 2; retries none → 3</c>.</summary>
    public static string Line(IReadOnlyList<FieldChange> changes)
    {
        var line = new StringBuilder();
        foreach (FieldChange change in changes)
        {
            line.Append(line.Length > 0 ? "; " : "").Append(change.Path).Append(change.Path.Length > 0 ? " " : "");
            line.Append(Text(change.Before)).Append(" → ").Append(Text(change.After));
        }

        return line.ToString();
    }

    private static string Text(JsonElement? value) => value is { } json ? Encoding.UTF8.GetString(JsonText.Build(json, MaskedJson.Write).Span) : "none";

    private static void WriteSide(Utf8JsonWriter writer, string name, JsonElement? side)
    {
        if (side is not { } value)
            return;
        writer.WritePropertyName(name);
        MaskedJson.Write(writer, value);
    }
}
