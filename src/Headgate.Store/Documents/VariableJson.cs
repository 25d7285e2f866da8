using System.Globalization;
using System.Text.Json;

namespace Headgate.Store.Documents;

/// <summary>
/// Replaces references to environment variables in the texts and names of a JSON document, as APISIX does in <c>apisix.json</c>: a text that holds one and then reads as a
/// number or a truth value becomes one.
/// </summary>
internal static class VariableJson
{
    /// <summary>The document with its references replaced.</summary>
    /// <exception cref="DocumentException">A variable is not set and has no default, or holds a line break.</exception>
    public static ReadOnlyMemory<byte> Replace(JsonElement root, Func<string, string?> environment) => JsonOutput.Build(writer => Write(writer, root, environment));

    private static void Write(Utf8JsonWriter writer, JsonElement value, Func<string, string?> environment)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    writer.WritePropertyName(Replaced(member.Name, environment));
                    Write(writer, member.Value, environment);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                    Write(writer, item, environment);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String when value.GetString()! is var text && VariableReferences.MayBeIn(text):
                WriteReplaced(writer, text, Replaced(text, environment));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static void WriteReplaced(Utf8JsonWriter writer, string before, string after)
    {
        if (after != before && after is "true" or "false")
            writer.WriteBooleanValue(after == "true");
        else if (after != before && double.TryParse(after, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            writer.WriteNumberValue(number);
        else
            writer.WriteStringValue(after);
    }

    private static string Replaced(string text, Func<string, string?> environment) =>
        VariableReferences.ReplaceInLine(text, environment, static problem => throw new DocumentException(problem));
}
